// Text of others that people are shown as it is: in answers (EDE), on pages, in reports. A character that is not
// seen could hide what the text says, reverse its order or act on a terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saring {

// Line feed and tabulator belong to `many` only.
enum class Lines { one, many };

// The first character of `text`, which is UTF-8, that may not be shown, as "U+202E RIGHT-TO-LEFT OVERRIDE": a control
// or format character, a line or paragraph separator, of private use, or one that is ignored when shown (Unicode's
// general categories Cc, Cf, Zl, Zp, Co, and Default_Ignorable_Code_Point). Nothing when there is none. Any thread.
std::optional<std::string> unshowable(std::string_view text, Lines lines);

// Throws Error(usage) naming `field` for a text with such a character, for one of spaces only, and for one of more
// than `most` bytes. Returns the text.
std::string require_showable(std::string text, const std::string& field, std::size_t most, Lines lines = Lines::one);

}  // namespace saring
