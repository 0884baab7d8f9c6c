// feed.json, the signed index of a feed (feed/FORMAT.md). Parsing is strict, as for orders, and every path, size and
// count is bounded: a manifest decides what a client downloads.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace saring::feed {

constexpr const char* manifest_name = "feed.json";
constexpr std::uint64_t max_feed_serial = (std::uint64_t{1} << 53) - 1;  // exact in every JSON reader
constexpr std::size_t max_feed_orders = 100000;

// A file of the feed. A file that differs from it in size or hash is refused.
struct FeedFile {
    std::string path;    // relative to the manifest
    std::string sha256;  // lower-case hex
    std::uint64_t size = 0;
    bool operator==(const FeedFile&) const = default;
};

struct FeedOrder {
    std::string id;
    FeedFile file;
    std::vector<FeedFile> signatures;
    bool operator==(const FeedOrder&) const = default;
};

struct Manifest {
    std::string name;
    std::uint64_t serial = 0;  // rises with every publication
    UnixTime generated = 0;
    UnixTime valid_until = 0;       // clients refuse the manifest from then on
    std::vector<FeedOrder> orders;  // ids and paths are unique
};

// Throws Error(usage) that names `source`, field and value, and says what is accepted.
Manifest parse_manifest(ByteView document, const std::string& source);
Bytes format_manifest(const Manifest& manifest);

// Path of the signature of a manifest with these bytes. The name has the manifest's hash, so a client that has read
// feed.json finds the matching signature whatever is published afterwards.
std::string manifest_signature_path(ByteView manifest);

}  // namespace saring::feed
