// The file `current`: names the base and the delta of the image. Replaced by rename.
//
//   saring image 2
//   ledger 32 hexadecimal digits
//   serial N
//   journal 64 hexadecimal digits
//   base BLAKE2b SIZE
//   delta BLAKE2b SIZE            absent when nothing changed since the base
//
// A file of the image is named after its hash: "base-HASH", "delta-HASH".
#pragma once

#include <optional>
#include <string>

#include "image/format.h"

namespace saring::image {

constexpr const char* current_name = "current";
constexpr std::size_t max_current_bytes = 4096;

struct FileRef {
    Hash hash{};
    std::uint64_t size = 0;
    bool operator==(const FileRef&) const = default;
};
std::string file_name(Kind kind, const FileRef& ref);

struct Current {
    State state;
    FileRef base;
    std::optional<FileRef> delta;
    bool operator==(const Current&) const = default;
};

Bytes encode(const Current& c);
// Accepts exactly what encode() makes. Throws Refusal: malformed or version.
Current parse_current(ByteView text);
// From `folder`, an open directory. Throws Refusal: absent, unreadable, malformed or version.
Current read_current(int folder);

}  // namespace saring::image
