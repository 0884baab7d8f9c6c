#pragma once

#include <memory>

#include "fetch/transport.h"
#include "fetch/url.h"

namespace saring::fetch {

// GET over libcurl: verified certificates, TLS 1.2 or later, at most three redirections and only to https, no cookies,
// no content coding.
std::unique_ptr<Transport> open_http_transport(const config::FeedConfig& feed, const FetchUrl& url);

}  // namespace saring::fetch
