// The language of messages to people: English, or that of the locale if there is a GNU gettext catalogue for it (po/,
// program/catalogue.h). The library creates messages in English; they are translated where they are shown. JSON, CSV,
// metrics, files and the journal are always English.
#pragma once

#include <string>
#include <utility>

#include "base/message.h"

namespace saring::tool {

// Chooses by LANGUAGE, LC_ALL, LC_MESSAGES and LANG, in gettext's order. Call before any output. The process stays in
// the C locale: numbers, times and character classes do not change.
void choose_language();

// Times among its values are shown in the zone of saring.toml or TZ (base/time_text.h).
std::string translated(const Message& message);

// How messages in JSON are rendered: in English in the tool's output, in the reader's language for the console's pages,
// which are made from the same JSON.
using Say = std::string (*)(const Message&);
inline std::string in_english(const Message& message) { return message.english(); }

// For the console, which serves several people: makes Indonesian available besides English, whatever the locale. Call
// instead of choose_language().
void offer_languages();
// While it exists this thread uses "id" or "en"; after offer_languages().
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
