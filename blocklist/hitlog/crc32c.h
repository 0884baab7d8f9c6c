// CRC32C (Castagnoli, RFC 3720 appendix B.4), in software: about 1.5 bytes a nanosecond, and a hit takes some 20 bytes.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace saring::hitlog {

// Of `seed`'s octets and then these; 0 begins.
std::uint32_t crc32c(std::uint32_t seed, ByteView octets);

}  // namespace saring::hitlog
