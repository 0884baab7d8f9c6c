#include "terminal/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace saring::tool {
namespace {

unsigned width_now() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool has_colours() {
    auto set_to = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value ? value : "");
    };
    return is_terminal() && set_to("NO_COLOR").empty() && set_to("TERM") != "dumb";
}

}  // namespace

bool is_terminal() {
    static const bool was = ::isatty(STDOUT_FILENO) == 1;
    return was;
}

unsigned terminal_width() {
    static const unsigned was = width_now();
    return was;
}

std::string toned(const std::string& text, Tone tone) {
    static const bool coloured = has_colours();
    if (!coloured || text.empty()) return text;
    const char* code = tone == Tone::good ? "32" : tone == Tone::warning ? "33" : tone == Tone::bad ? "31;1" : "2";
    return std::string("\033[") + code + "m" + text + "\033[m";
}

}  // namespace saring::tool
