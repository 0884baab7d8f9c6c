// Checks foreign text that is displayed unchanged: in answers (EDE), on pages, in reports. An invisible character could
// hide part of the text, reverse its order or control a terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saring {

// Line feed and tab are allowed only with `many`.
enum class Lines { one, many };

// The first character of `text` (UTF-8) that may not be displayed, as "U+202E RIGHT-TO-LEFT OVERRIDE": Unicode's
// general categories Cc, Cf, Zl, Zp, Co, and Default_Ignorable_Code_Point. Nothing if there is none. Thread-safe.
std::optional<std::string> unshowable(std::string_view text, Lines lines);

// Returns the text. Throws Error(usage) naming `field` when it has such a character, is blank, or is longer than
// `max_bytes` bytes.
std::string require_showable(std::string text, const std::string& field, std::size_t max_bytes,
                             Lines lines = Lines::one);

}  // namespace saring
