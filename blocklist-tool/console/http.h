// Requests and responses of the console, independent of the HTTP library.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saring::tool::console {

// Text for a URL's query, every byte but letters, digits and -._~ as %XX.
std::string url_encoded(std::string_view text);

using Parameters = std::map<std::string, std::string>;  // the first of each name counts

// "/hits?order=B-1%2F2024"; parameters whose value is empty are left out.
std::string url_of(const std::string& path, const Parameters& parameters);

struct Request {
    std::string method, path;
    Parameters query;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string peer;                            // address, or "unix"
    bool peer_is_local = false;                  // a unix socket or a loopback address

    std::string header(const std::string& name) const {
        auto at = headers.find(name);
        return at == headers.end() ? std::string() : at->second;
    }
    std::string parameter(const std::string& name) const {
        auto at = query.find(name);
        return at == query.end() ? std::string() : at->second;
    }
};

class Stream;  // live.h

struct Response {
    int status = 200;
    std::string type = "text/html; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<Stream> stream;  // instead of a body: goes on until either side ends it

    // For the access log.
    bool shows_subscribers = false;
    std::uint64_t hits_shown = 0;
};

}  // namespace saring::tool::console
