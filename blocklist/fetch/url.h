// The address of a feed, taken apart and judged before anything connects to it.
#pragma once

#include <string>

#include "config/feeds_config.h"

namespace saring::fetch {

struct FetchUrl {
    bool file = false;    // else HTTP
    bool secure = false;  // https
    std::string host;     // of HTTP
    std::string base;     // the URL, of a directory with a "/" at its end; for a file: URL the path
};

// `url` without what a kind may put before it ("list+"). Throws Error(usage) naming the feed.
FetchUrl parse_fetch_url(const config::FeedConfig& feed, std::string url, bool is_file);

// 127.0.0.0/8 and [::1], as addresses; a name may be anybody's.
bool is_loopback_host(const std::string& host);

}  // namespace saring::fetch
