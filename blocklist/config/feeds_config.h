// [[feed]]: sources of orders and lists, and the limits in time and size of a transfer. The scheme of the URL
// determines the kind of feed (feed/source.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/list_feed.h"

namespace saring::config {

struct FeedConfig {
    std::string name;  // for a signed feed: the name in its manifest
    std::string url;
    std::vector<std::string> keys;                     // names of [[trust.key]] with the role feed; empty: any of them
    std::string ca_file;                               // PEM; empty: the system's certificate authorities
    bool insecure_http = false;                        // allows http:// to a loopback address
    unsigned timeout_seconds = 600;                    // of the whole synchronisation of this feed
    unsigned stall_seconds = 30;                       // one transfer may last without a byte
    unsigned retries = 4;                              // of one transfer, after the first attempt
    unsigned parallel = 6;                             // concurrent transfers
    std::uint64_t max_bytes = std::uint64_t{1} << 30;  // read by one synchronisation, in total
    std::uint64_t max_manifest_bytes = std::uint64_t{64} << 20;
    ListFeedConfig list;  // of a feed that is a list
};

// 1 to 64 letters, digits, dots, underscores and hyphens, a letter or digit first.
bool is_feed_name(const std::string& name);

}  // namespace saring::config
