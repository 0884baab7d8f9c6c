// Reading a file that must be one: what runs unattended must not wait at a pipe or a device that somebody put in
// its place.
#pragma once

#include "base/file.h"

namespace saring {

// As read_file; also throws Error(usage) for anything but a regular file, without waiting.
Bytes read_regular_file(const std::string& path, std::size_t limit = max_document_bytes);

}  // namespace saring
