#include "text/shown_text.h"

#include <unictype.h>
#include <uniname.h>
#include <unistr.h>

#include <cstdio>

#include "base/error.h"

namespace saring {

std::optional<std::string> unshowable(std::string_view text, Lines lines) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t left = text.size(); left > 0;) {
        ucs4_t c = 0;
        int size = u8_mbtoucr(&c, at, left);
        if (size <= 0) return "a byte that is no UTF-8";
        at += size;
        left -= static_cast<std::size_t>(size);
        if (lines == Lines::many && (c == '\n' || c == '\t')) continue;
        constexpr std::uint32_t hidden =
            UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp | UC_CATEGORY_MASK_Co;
        if (!uc_is_general_category_withtable(c, hidden) && !uc_is_property_default_ignorable_code_point(c)) continue;
        char code[16], name[UNINAME_MAX];
        std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(c));
        return std::string(code) + (unicode_character_name(c, name) ? std::string(" ") + name : "");
    }
    return std::nullopt;
}

std::string require_showable(std::string text, const std::string& field, std::size_t max_bytes, Lines lines) {
    auto fail = [&](const Message& why, const Message& remedy) { throw Error(ErrorKind::usage, field, why, remedy); };
    if (text.size() > max_bytes) fail(msg("is longer than %1 bytes", max_bytes), msg("shorten it"));
    if (auto c = unshowable(text, lines))
        fail(msg("has the character %1, which is not seen as it is", *c),
             msg("write the text without it: subscribers and terminals are shown it"));
    if (text.find_first_not_of(" \t\n") == std::string::npos)
        fail(msg("is empty"), msg("give it a value or leave the field out"));
    return text;
}

}  // namespace saring
