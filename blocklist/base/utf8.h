// Checks for well-formed UTF-8 (RFC 3629 section 4).
#pragma once

#include <unistr.h>

#include "base/bytes.h"

namespace saring {

inline bool is_utf8(ByteView s) {
    return u8_check(reinterpret_cast<const std::uint8_t*>(s.data()), s.size()) == nullptr;
}

}  // namespace saring
