// In which language the tool speaks to people: English, or what the locale asks for and a
// catalogue of GNU gettext is there for (po/, program/catalogue.h). Messages of the library are made in English and put
// into that language where they are shown. JSON, CSV, metrics, files and the journal never are.
#pragma once

#include <string>
#include <utility>

#include "base/message.h"

namespace saring::tool {

// By LANGUAGE, LC_ALL, LC_MESSAGES and LANG, in gettext's order. Before anything is said. The
// process itself stays in the C locale: numbers, times and character classes do not change.
void choose_language();

// Times among its values come out in the zone of the configuration or of TZ (base/time_text.h).
std::string translated(const Message& message);

// How messages among what programs read come out: English in the tool's JSON, the reader's language on the console's
// pages, which are drawn from the same JSON.
using Say = std::string (*)(const Message&);
inline std::string in_english(const Message& message) { return message.english(); }

// For a program that speaks to several people: Indonesian is there as well as English, whatever the locale says.
// Instead of choose_language().
void offer_languages();
// Within its life this thread speaks "id" or "en", after offer_languages().
class ScopedLanguage {
public:
    explicit ScopedLanguage(const std::string& language);
    ~ScopedLanguage();
    ScopedLanguage(const ScopedLanguage&) = delete;
    ScopedLanguage& operator=(const ScopedLanguage&) = delete;

private:
    bool before_;
};

template <typename... Arguments>
std::string tr(const char* text, Arguments&&... arguments) {
    return translated(msg(text, std::forward<Arguments>(arguments)...));
}
// %1 is the number.
template <typename... Arguments>
std::string trn(const char* one, const char* many, std::uint64_t n, Arguments&&... arguments) {
    return translated(msgn(one, many, n, std::forward<Arguments>(arguments)...));
}

}  // namespace saring::tool
