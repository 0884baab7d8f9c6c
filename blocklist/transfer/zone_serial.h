// SOA serials go round (RFC 1982): 4294967295 comes before 0.
#pragma once

#include <cstdint>

namespace saring::transfer {

// Whether `a` comes after `b`. Two serials exactly half the circle apart have no order:
// neither is newer.
constexpr bool serial_newer(std::uint32_t a, std::uint32_t b) {
    return a != b && static_cast<std::uint32_t>(a - b) < 0x80000000u;
}

}  // namespace saring::transfer
