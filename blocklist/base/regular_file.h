// Reads a file that must be a regular one: an unattended program must not hang on a pipe or a device in its place.
#pragma once

#include "base/file.h"

namespace saring {

// As read_file; also throws Error(usage), without waiting, for anything but a regular file.
Bytes read_regular_file(const std::string& path, std::size_t limit = max_document_bytes);

}  // namespace saring
