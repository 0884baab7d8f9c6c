// Octets as lower-case hexadecimal digits, two each.
#pragma once

#include "base/bytes.h"

namespace saring {

inline std::string hex(ByteView octets) {
    std::string out;
    out.reserve(2 * octets.size());
    for (unsigned char c : octets)
        for (int nibble : {c >> 4, c & 15}) out.push_back("0123456789abcdef"[nibble]);
    return out;
}

}  // namespace saring
