#include "fetch/transport.h"

#include "fetch/file_transport.h"
#include "fetch/http_transport.h"
#include "fetch/url.h"

namespace saring::fetch {

FetchResponse Transport::get(const FetchRequest& request) {
    FetchResponse out;
    get_all({request}, [&](std::size_t, FetchResponse&& response) { out = std::move(response); });
    return out;
}

std::unique_ptr<Transport> open_transport(const config::FeedConfig& feed, bool is_file) {
    std::string url = feed.url;
    if (url.rfind("list+", 0) == 0) url = url.substr(5);
    auto parsed = parse_fetch_url(feed, url, is_file);
    return parsed.file ? open_file_transport(feed, parsed.base) : open_http_transport(feed, parsed);
}

}  // namespace saring::fetch
