#include "program/language.h"

#include <libintl.h>
#include <locale.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <initializer_list>
#include <sstream>

namespace saring::tool {
namespace {

constexpr const char* domain = "saring";

locale_t messages = nullptr;  // null: English

const char* first_set(std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const char* value = std::getenv(name); value && *value) return value;
    return "";
}

// gettext makes a path of the language's name. One that leads elsewhere is somebody's trick, not a language.
bool is_plain(const std::string& text) { return text.find('/') == std::string::npos; }

// Of LANGUAGE, languages from the first to the last wished for: what comes before English, which needs
// no catalogue, and which gettext would therefore pass over.
std::string before_english(const std::string& languages) {
    std::string out;
    std::istringstream all(languages);
    for (std::string one; std::getline(all, one, ':');) {
        if (one == "C" || one == "en" || one.rfind("en_", 0) == 0) break;
        out += (out.empty() ? "" : ":") + one;
    }
    return out;
}

// Catalogues lie where the program lies, as it was installed or built: whoever can put one there can
// exchange the program itself. No variable of the environment says where.
std::string catalogues() {
    char program[PATH_MAX];
    ssize_t n = ::readlink("/proc/self/exe", program, sizeof program);
    if (n <= 0 || n == static_cast<ssize_t>(sizeof program)) return {};
    std::string path(program, static_cast<std::size_t>(n));
    return path.substr(0, path.rfind('/') + 1) + SARING_LOCALE_FROM_PROGRAM;
}

const char* look_up(const char* one, const char* many, std::uint64_t n) {
    // Only while looking up: what other libraries say and how they read numbers stays as in the C locale.
    locale_t before = ::uselocale(messages);
    const char* found = many ? ::dngettext(domain, one, many, static_cast<unsigned long>(n)) : ::dgettext(domain, one);
    ::uselocale(before);
    return found;
}

// No null: that would be what programs read, with all times in UTC.
const char* in_english(const char* one, const char* many, std::uint64_t n) { return many && n != 1 ? many : one; }

}  // namespace

void choose_language() {
    std::string wanted = first_set({"LC_ALL", "LC_MESSAGES", "LANG"}), languages = first_set({"LANGUAGE"});
    if (!is_plain(wanted) || !is_plain(languages)) return;
    if (!languages.empty()) {
        languages = before_english(languages);
        if (languages.empty()) return;
        ::setenv("LANGUAGE", languages.c_str(), 1);
    }
    auto directory = catalogues();
    if (directory.empty() || !::bindtextdomain(domain, directory.c_str())) return;
    ::bind_textdomain_codeset(domain, "UTF-8");
    messages = ::newlocale(LC_MESSAGES_MASK, "", nullptr);
    if (messages) return;
    // The locale is not generated on this machine, as on many servers that are reached by ssh. A
    // catalogue needs its name alone, and LANGUAGE can name it.
    messages = ::newlocale(LC_MESSAGES_MASK, "C.UTF-8", nullptr);
    if (messages && languages.empty()) ::setenv("LANGUAGE", wanted.c_str(), 1);
}

std::string translated(const Message& message) { return message.in(messages ? look_up : in_english); }

}  // namespace saring::tool
