// SHA-256 in lower-case hex, as printed by `sha256sum` and used in manifests to name files.
#pragma once

#include <string>

#include "base/bytes.h"

namespace saring {

std::string sha256_hex(ByteView content);
// In base64, as a Content-Security-Policy names an inline style.
std::string sha256_base64(ByteView content);
bool is_sha256_hex(std::string_view text);

}  // namespace saring
