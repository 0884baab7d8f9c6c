// feed.json, the signed table of contents of a feed (feed/FORMAT.md). Parsing is strict,
// as for orders, and every path, size and count is bounded: a manifest tells a program
// what to download.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace saring::feed {

constexpr const char* manifest_name = "feed.json";
constexpr std::uint64_t max_feed_serial = (std::uint64_t{1} << 53) - 1;  // exact in every JSON reader
constexpr std::size_t max_feed_orders = 100000;

// A file of the feed: it is what the signed manifest says, or it is refused.
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
    UnixTime valid_until = 0;       // a client refuses it from then on
    std::vector<FeedOrder> orders;  // ids and paths are unique
};

// Throws Error(usage) that names `source`, the field, the value and what would be right.
Manifest parse_manifest(ByteView document, const std::string& source);
Bytes format_manifest(const Manifest& manifest);

// Where the signature of a manifest with these bytes lies. Its name follows from the
// manifest's content, so whoever has read feed.json finds the signature that belongs to
// it, however much later and whatever was published meanwhile.
std::string manifest_signature_path(ByteView manifest);

}  // namespace saring::feed
