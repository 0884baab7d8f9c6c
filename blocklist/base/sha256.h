// SHA-256 in lower-case hex, as `sha256sum` prints it and manifests name files by it.
#pragma once

#include <string>

#include "base/bytes.h"

namespace saring {

std::string sha256_hex(ByteView content);
// In base64, as content security policies name a style.
std::string sha256_base64(ByteView content);
bool is_sha256_hex(std::string_view text);

}  // namespace saring
