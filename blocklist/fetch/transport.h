// Files below one base address, by HTTP or from a directory, with bounds on everything:
// bytes of each file and of all, time of all, redirections, attempts.
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
    // Of the copy at hand, so that the server need not send it again.
    std::string etag = {}, last_modified = {};
};

struct FetchResponse {
    enum class Status { found, absent, not_modified, too_large };  // too large: it was not read on
    Status status = Status::found;
    Bytes body;
    std::string etag, last_modified, content_type;
    UnixTime date = 0;  // the server's clock (Date, RFC 9110 section 6.6.1); 0: it does not say
};

class Transport {
public:
    virtual ~Transport() = default;
    // In any order, several at once; `done` runs in this thread with the request's number.
    // Throws Error(network) naming the address when one cannot be had at all, Error(trust)
    // when the server's certificate is not to be believed. What `done` throws ends it.
    using Done = std::function<void(std::size_t, FetchResponse&&)>;
    virtual void get_all(const std::vector<FetchRequest>& requests, const Done& done) = 0;
    FetchResponse get(const FetchRequest& request);
    // For messages.
    virtual std::string address(const std::string& path) const = 0;

    std::uint64_t bytes() const { return bytes_; }

protected:
    std::uint64_t bytes_ = 0;  // received so far
};

// What `feed.url` names is the base: a directory, or with `is_file` one file. The time that
// feed.timeout_seconds allows runs from now. Throws Error(usage) naming the feed when the URL
// is not one of https://, file:///, or http:// to a loopback address with insecure_http.
std::unique_ptr<Transport> open_transport(const config::FeedConfig& feed, bool is_file = false);

}  // namespace saring::fetch
