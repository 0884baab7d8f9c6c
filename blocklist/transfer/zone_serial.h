// SOA serial arithmetic (RFC 1982): serials wrap around, 4294967295 precedes 0.
#pragma once

#include <cstdint>

namespace saring::transfer {

// Whether `a` is newer than `b`. Of two serials exactly 2^31 apart neither is newer (RFC 1982 section 3.2).
constexpr bool serial_newer(std::uint32_t a, std::uint32_t b) {
    return a != b && static_cast<std::uint32_t>(a - b) < 0x80000000u;
}

}  // namespace saring::transfer
