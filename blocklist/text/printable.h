// Makes foreign text safe to display: it must not control a terminal or a page, or be displayed in another order. The
// only implementation, with libunistring; html.h uses it. Pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace saring {

struct Character {
    std::uint32_t code = 0xfffd;  // U+FFFD for invalid UTF-8 (RFC 3629)
    std::size_t size = 0;         // bytes, at least 1
    bool valid = false;
};

// The first character of a non-empty text.
Character first_character(std::string_view text);

// Control characters (C0, DEL, C1), line and paragraph separators, and bidirectional controls (Unicode's Bidi_Control,
// UAX #9).
bool is_unprintable(std::uint32_t code);

// For terminals, logs and CSV: unprintable characters become '?', invalid UTF-8 becomes U+FFFD.
std::string shown(std::string_view text);

// Width in terminal columns: wide characters count two; combining characters and colour escape sequences count none.
std::size_t display_width(std::string_view text);

}  // namespace saring
