// CRC32C (Castagnoli, RFC 3720 appendix B.4): by the processor's instruction where it has one.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace saring::hitlog {

// Of `seed`'s octets and then these; 0 begins.
std::uint32_t crc32c(std::uint32_t seed, ByteView octets);
std::uint32_t crc32c_in_software(std::uint32_t seed, ByteView octets);  // the same, about 1.5 bytes a nanosecond

}  // namespace saring::hitlog
