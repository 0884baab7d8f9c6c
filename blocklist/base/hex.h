// Bytes as lower-case hexadecimal digits, two each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace saring {

inline std::string hex(ByteView octets) {
    std::string out;
    out.reserve(2 * octets.size());
    for (unsigned char c : octets)
        for (int nibble : {c >> 4, c & 15}) out.push_back("0123456789abcdef"[nibble]);
    return out;
}

template <std::size_t N>
std::string hex(const std::array<std::uint8_t, N>& bytes) {
    return hex(ByteView(reinterpret_cast<const char*>(bytes.data()), N));
}

}  // namespace saring
