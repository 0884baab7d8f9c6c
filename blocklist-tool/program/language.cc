#include "program/language.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <initializer_list>
#include <sstream>

#include "program/catalogue.h"

namespace saring::tool {
namespace {

Catalogue catalogue;
bool translates = false;                   // false: English
thread_local bool speaks_english = false;  // see ScopedLanguage

const char* first_set(std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const char* value = std::getenv(name); value && *value) return value;
    return "";
}

// The name of a language becomes part of a path, so it must not contain a slash.
bool is_plain(const std::string& text) { return text.find('/') == std::string::npos; }

// The languages in LANGUAGE that are preferred to English, which needs no catalogue.
std::string before_english(const std::string& languages) {
    std::string out;
    std::istringstream all(languages);
    for (std::string one; std::getline(all, one, ':');) {
        if (one == "C" || one == "en" || one.rfind("en_", 0) == 0) break;
        out += (out.empty() ? "" : ":") + one;
    }
    return out;
}

// Folder of the catalogues, relative to the program as installed or built. No environment variable sets it: only a user
// who could replace the program can add a catalogue.
std::string catalogues() {
    char program[PATH_MAX];
    ssize_t n = ::readlink("/proc/self/exe", program, sizeof program);
    if (n <= 0 || n == static_cast<ssize_t>(sizeof program)) return {};
    std::string path(program, static_cast<std::size_t>(n));
    return path.substr(0, path.rfind('/') + 1) + SARING_LOCALE_FROM_PROGRAM;
}

// Whether there is a catalogue for id_ID.UTF-8, id_ID or id.
bool open_catalogue(const std::string& directory, std::string language) {
    for (;;) {
        if (!language.empty() && catalogue.open(directory + "/" + language + "/LC_MESSAGES/saring.mo")) return true;
        auto last = language.find_last_of("@._");
        if (last == language.npos) return false;
        language.resize(last);
    }
}

const char* plain_english(const char* one, const char* many, std::uint64_t n);
const char* look_up(const char* one, const char* many, std::uint64_t n) {
    const char* found = catalogue.find(one, many, n);
    return found ? found : plain_english(one, many, n);
}

// Passed to Message::in() for English text. A null function would mean text for programs, with all times in UTC.
const char* plain_english(const char* one, const char* many, std::uint64_t n) { return many && n != 1 ? many : one; }

}  // namespace

void choose_language() {
    std::string wanted = first_set({"LC_ALL", "LC_MESSAGES", "LANG"}), languages = first_set({"LANGUAGE"});
    if (wanted.empty() || wanted == "C" || wanted == "POSIX" || !is_plain(wanted) || !is_plain(languages)) return;
    languages = before_english(languages.empty() ? wanted : languages);
    auto directory = catalogues();
    if (directory.empty()) return;
    std::istringstream all(languages);
    for (std::string one; !translates && std::getline(all, one, ':');) translates = open_catalogue(directory, one);
}

void offer_languages() {
    auto directory = catalogues();
    translates = !directory.empty() && open_catalogue(directory, "id");
}

ScopedLanguage::ScopedLanguage(const std::string& language) : before_(speaks_english) {
    speaks_english = language != "id";
}
ScopedLanguage::~ScopedLanguage() { speaks_english = before_; }

std::string translated(const Message& message) {
    return message.in(translates && !speaks_english ? look_up : plain_english);
}

}  // namespace saring::tool
