// Access control: a host name that is this console's (a page of somebody else's cannot reach a loopback address under
// its own name), a token where one is asked for, and not too much at once.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "console/http.h"
#include "console/listening.h"

namespace saring::tool::console {

class AccessGuard {
public:
    // Throws Error(usage): an address that other machines reach, without a token.
    AccessGuard(const config::ConsoleConfig& config, const ListenAddress& listens);

    // The refusal; nothing: go on.
    std::optional<Response> refusal(const Request& request);

    // As the web server before it says, where one is believed; "token" for who came by it; else "-".
    std::string identity(const Request& request) const;

private:
    bool knows_host(const Request& request) const;
    bool has_token(const Request& request) const;
    bool is_too_fast(const Request& request);

    const config::ConsoleConfig& config_;
    const ListenAddress listens_;
    std::string token_;
    struct RequestBudget {
        double left = 0;
        std::chrono::steady_clock::time_point at{};
    };
    std::map<std::string, RequestBudget> allowances_;  // by who asks
    int wrong_tokens_ = 0;
    std::chrono::steady_clock::time_point wrong_since_{};
};

}  // namespace saring::tool::console
