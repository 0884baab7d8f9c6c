#include "terminal/progress.h"

#include <unistd.h>

#include <cstdio>

#include "output/output.h"

namespace saring::tool {
namespace {

using namespace std::chrono_literals;

constexpr auto redraw = 200ms;
constexpr auto log_every = 10s;
constexpr unsigned bar_width = 24;

std::string duration(double seconds) {
    auto s = static_cast<std::uint64_t>(seconds + 0.5);
    if (s < 60) return std::to_string(s) + " s";
    return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
}

}  // namespace

TerminalProgress::TerminalProgress(Where where, bool quiet) : terminal_(::isatty(STDERR_FILENO) == 1) {
    quiet_ = quiet || (where == Where::terminal && !terminal_);
}

TerminalProgress::~TerminalProgress() { wipe(); }

void TerminalProgress::begin(const Message& what, const Message& unit, std::uint64_t total) {
    what_ = shown(translated(what));
    unit_ = translated(unit);
    total_ = total;
    done_ = 0;
    logged_ = false;
    begun_ = Clock::now();
    next_ = begun_ + (terminal_ ? Clock::duration(redraw) : Clock::duration(log_every));
}

std::string TerminalProgress::line(std::uint64_t done) const {
    double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    std::string out = what_ + ": ";
    if (terminal_ && total_) {
        auto filled = static_cast<std::size_t>(bar_width * std::min(done, total_) / total_);
        out += "[" + std::string(filled, '#') + std::string(bar_width - filled, '.') + "] ";
    }
    auto each_second = static_cast<std::uint64_t>(rate);
    out += total_ ? tr("%1 of %2 %3, %4/s", done, total_, unit_, each_second)
                  : tr("%1 %2, %3/s", done, unit_, each_second);
    if (total_ && rate > 0 && done < total_)
        out += tr(", %1 left", duration(static_cast<double>(total_ - done) / rate));
    return out;
}

void TerminalProgress::at(std::uint64_t done) {
    done_ = done;
    if (quiet_ || Clock::now() < next_) return;
    next_ = Clock::now() + (terminal_ ? Clock::duration(redraw) : Clock::duration(log_every));
    if (terminal_) {
        std::fprintf(stderr, "\r\033[K%s", line(done).c_str());
        std::fflush(stderr);
        drawn_ = true;
    } else {
        complain(line(done));
        logged_ = true;
    }
}

void TerminalProgress::end() {
    wipe();
    if (logged_) complain(line(done_));
}

void TerminalProgress::wipe() {
    if (drawn_) std::fputs("\r\033[K", stderr);
    drawn_ = false;
}

}  // namespace saring::tool
