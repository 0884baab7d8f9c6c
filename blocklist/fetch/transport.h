// Files under one base address, over HTTP or from a directory, with limits: bytes a file, total bytes, total time,
// redirections, attempts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "config/feeds_config.h"

namespace saring::fetch {

struct FetchRequest {
    std::string path;         // relative to the base; empty: the base itself
    std::uint64_t limit = 0;  // bytes
    // Of the local copy, for a conditional request.
    std::string etag = {}, last_modified = {};
};

struct FetchResponse {
    enum class Status { found, absent, not_modified, too_large };  // too_large: reading stopped at the limit
    Status status = Status::found;
    Bytes body;
    std::string etag, last_modified, content_type;
    UnixTime date = 0;  // the server's clock (Date, RFC 9110 section 6.6.1); 0: no such header
};

class Transport {
public:
    virtual ~Transport() = default;
    // Fetches several at once, in any sequence; calls `done` on this thread with the request's index. Throws
    // Error(network) naming the address when a file cannot be fetched, Error(trust) when the server's certificate is
    // not trusted. An exception in `done` ends all transfers.
    using Done = std::function<void(std::size_t, FetchResponse&&)>;
    virtual void get_all(const std::vector<FetchRequest>& requests, const Done& done) = 0;
    FetchResponse get(const FetchRequest& request);
    // For messages.
    virtual std::string address(const std::string& path) const = 0;

    std::uint64_t bytes() const { return bytes_; }

protected:
    std::uint64_t bytes_ = 0;  // received so far
};

// The base is feed.url: a directory, or one file if `is_file`. feed.timeout_seconds counts from this call. Throws
// Error(usage) naming the feed when the URL is not one of https://, file:///, or http:// to a loopback address with
// insecure_http.
std::unique_ptr<Transport> open_transport(const config::FeedConfig& feed, bool is_file = false);

}  // namespace saring::fetch
