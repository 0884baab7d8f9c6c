#pragma once

#include <memory>

#include "fetch/transport.h"
#include "fetch/url.h"

namespace saring::fetch {

// GET alone, over libcurl: verified certificates, TLS 1.2 at least, redirections to https
// alone and at most three, no cookies, no content coding.
std::unique_ptr<Transport> open_http_transport(const config::FeedConfig& feed, const FetchUrl& url);

}  // namespace saring::fetch
