// Whole files in and out. Reads are bounded; writes are atomic (a temporary file beside the target, fsync,
// rename), so a crash leaves the old file or the new; exclusive ones as far as the file system has O_TMPFILE.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace saring {

constexpr std::size_t max_document_bytes = 256u << 20;

// Throws Error(usage) when it cannot be read or is larger than `limit`. "-" is standard input.
Bytes read_file(const std::string& path, std::size_t limit = max_document_bytes);
// The same for secret keys and passwords; also refuses a file that its group or everybody may
// read, write or run. Pipes, which nobody else can open, are taken.
Bytes read_secret_file(const std::string& path, std::size_t limit);

// Throws Error(usage). `exclusive` refuses to replace an existing file.
void write_file(const std::string& path, ByteView content, mode_t mode = 0644, bool exclusive = false);

// For many files at once: each is replaced as a whole, and is on the disk when
// flush_file_system of a path on the same file system has returned. Throw Error(usage).
void write_file_unflushed(const std::string& path, ByteView content, mode_t mode = 0644);
void flush_file_system(const std::string& path);

}  // namespace saring
