// Reads and writes whole files. Reads are bounded. Writes are atomic (temporary file in the same folder, fsync,
// rename): after a crash there is the old file or the new. Exclusive writes are atomic where the file system has
// O_TMPFILE.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace saring {

constexpr std::size_t max_document_bytes = 256u << 20;

// Throws Error(usage) when the file cannot be read or is larger than `limit` bytes. "-" is standard input.
Bytes read_file(const std::string& path, std::size_t limit = max_document_bytes);
// The beginning of a file, at most `limit` bytes; empty if it cannot be read.
Bytes read_head(const std::string& path, std::size_t limit);
// As read_file for secret keys and passwords; refuses also a file that its group or others may read, write or execute.
// Pipes are accepted: no other user can open them.
Bytes read_secret_file(const std::string& path, std::size_t limit);

// Throws Error(usage). `exclusive` refuses to replace an existing file.
void write_file(const std::string& path, ByteView content, mode_t mode = 0644, bool exclusive = false);

// For many files at once: each file is replaced atomically, but is on disk only after flush_file_system() of a path on
// the same file system has returned. Both throw Error(usage).
void write_file_unflushed(const std::string& path, ByteView content, mode_t mode = 0644);
void flush_file_system(const std::string& path);

}  // namespace saring
