// Whether octets are well-formed UTF-8 (RFC 3629 section 4).
#pragma once

#include <cstring>

#include "base/bytes.h"

namespace saring {

inline bool is_utf8(ByteView s) {
    std::size_t at = 0;
    auto octet = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
    while (at < s.size()) {
        std::uint64_t eight = 0;
        if (s.size() - at >= 8 && (std::memcpy(&eight, s.data() + at, 8), (eight & 0x8080808080808080) == 0)) {
            at += 8;
            continue;
        }
        unsigned c = octet(at);
        std::size_t more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 4;
        if (more == 4) return false;
        // Of the second octet's range: no overlong forms, no surrogates, nothing beyond U+10FFFF.
        unsigned least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80, most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
        for (std::size_t i = 1; i <= more; ++i, least = 0x80, most = 0xbf)
            if (octet(at + i) < least || octet(at + i) > most) return false;
        at += 1 + more;
    }
    return true;
}

}  // namespace saring
