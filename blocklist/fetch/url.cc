#include "fetch/url.h"

#include <arpa/inet.h>

#include "base/error.h"
#include "fetch/url_parts.h"

namespace saring::fetch {
namespace {

[[noreturn]] void refuse(const config::FeedConfig& feed, const std::string& url, const Message& why,
                         const Message& remedy) {
    throw Error(ErrorKind::usage, msg("feed %1", feed.name), msg("url: \"%1\" %2", url, why), remedy);
}

void as_directory(std::string& base) {
    constexpr std::string_view manifest = "/feed.json";
    if (base.size() > manifest.size() && base.compare(base.size() - manifest.size(), manifest.size(), manifest) == 0)
        base.resize(base.size() - manifest.size());
    if (base.back() != '/') base += '/';
}

}  // namespace

bool is_loopback_host(const std::string& host) {
    in_addr four{};
    if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
    return host == "[::1]";
}

FetchUrl parse_fetch_url(const config::FeedConfig& feed, std::string url, bool is_file) {
    FetchUrl out;
    if (url.rfind("file://", 0) == 0) {
        out.file = true;
        out.base = url.substr(7);
        if (out.base.empty() || out.base[0] != '/')
            refuse(feed, url, msg("has no absolute path"), msg("write file:///srv/feed with three slashes"));
        if (out.base.find('%') != std::string::npos)
            refuse(feed, url, msg("has a '%'"), msg("write the path without escapes"));
        if (!is_file) as_directory(out.base);
        return out;
    }
    auto parsed = UrlParts::parse(url);
    if (!parsed) refuse(feed, url, msg("is not a web address"), msg("write e.g. https://feed.example/orders/"));
    std::string scheme = parsed->part(CURLUPART_SCHEME);
    out.host = parsed->part(CURLUPART_HOST);
    out.secure = scheme == "https";
    if (!out.secure && scheme != "http")
        refuse(feed, url, msg("is neither https nor file"), msg("write e.g. https://feed.example/orders/"));
    if (!out.secure && !feed.insecure_http)
        refuse(feed, url, msg("is not encrypted"),
               msg("use https; http only to a loopback address and with insecure_http = true"));
    if (!out.secure && !is_loopback_host(out.host))
        refuse(feed, url, msg("is http to another machine"),
               msg("use https: insecure_http is for loopback addresses such as 127.0.0.1 alone"));
    if (!parsed->part(CURLUPART_USER).empty() || !parsed->part(CURLUPART_PASSWORD).empty())
        refuse(feed, url.substr(0, url.find(':')) + "://...@" + out.host, msg("holds a user name or password"),
               msg("leave it out: addresses are shown and logged"));
    if (!parsed->part(CURLUPART_FRAGMENT).empty())
        refuse(feed, url, msg("has a fragment"), msg("leave out what follows '#'"));
    if (!is_file && !parsed->part(CURLUPART_QUERY).empty())
        refuse(feed, url, msg("has a query"),
               msg("a feed is plain files below one address: leave out what follows '?'"));
    out.base = parsed->part(CURLUPART_URL);
    if (!is_file) as_directory(out.base);
    return out;
}

}  // namespace saring::fetch
