// SHA-256 in lower-case hex, as `sha256sum` prints it and manifests name files by it.
#pragma once

#include <string>

#include "base/bytes.h"

namespace saring {

std::string sha256_hex(ByteView content);
bool is_sha256_hex(std::string_view text);

}  // namespace saring
