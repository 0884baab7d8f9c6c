// Parses a feed's URL and checks it before any connection.
#pragma once

#include <string>

#include "config/feeds_config.h"

namespace saring::fetch {

struct FetchUrl {
    bool file = false;    // else HTTP
    bool secure = false;  // https
    std::string host;     // of HTTP
    std::string base;     // the URL, ending in "/" for a directory; for a file: URL the path
};

// `url` without the prefix of the feed's kind ("list+"). Throws Error(usage) naming the feed.
FetchUrl parse_fetch_url(const config::FeedConfig& feed, std::string url, bool is_file);

// 127.0.0.0/8 and [::1], as addresses; names are not accepted, since they may resolve to any address.
bool is_loopback_host(const std::string& host);

}  // namespace saring::fetch
