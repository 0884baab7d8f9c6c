// Foreign text on its way to people: what must not act on a terminal or a page, or show a text in another
// order than it has. The one implementation, over libunistring; html.h builds on it. Pure functions, safe to use
// from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace saring {

struct Character {
    std::uint32_t code = 0xfffd;  // U+FFFD for bytes that are no UTF-8 (RFC 3629)
    std::size_t size = 0;         // bytes, at least 1
    bool valid = false;
};

// The first character of a text that is not empty.
Character first_character(std::string_view text);

// Control characters (C0, DEL, C1), separators of lines and paragraphs, and bidirectional controls
// (Unicode's Bidi_Control, UAX #9).
bool is_unprintable(std::uint32_t code);

// For terminals, logs and CSV: what is unprintable becomes '?', bytes that are no UTF-8 become U+FFFD.
std::string shown(std::string_view text);

// Columns that a terminal needs: wide characters take two, combining ones none, escape sequences of
// colour none.
std::size_t display_width(std::string_view text);

}  // namespace saring
