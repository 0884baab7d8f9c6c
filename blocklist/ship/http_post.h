// POST requests to one server, each sent exactly once: no redirections, no retries, a new connection each. Verified
// certificates, TLS 1.2 or later.
#pragma once

#include <string>

#include "base/bytes.h"
#include "config/ship_config.h"
#include "fetch/curl.h"
#include "ship/ship_url.h"
#include "ship/stop_signal.h"

namespace saring::ship {

struct HttpAnswer {
    long status = 0;
    std::string body;  // at most 1 MiB of it
};

class HttpPost {
public:
    // `password` is sent only in the Authorization header.
    HttpPost(const ShipUrl& url, const config::ShipConfig& config, const std::string& password, StopSignal* stop);
    ~HttpPost();
    HttpPost(const HttpPost&) = delete;
    HttpPost& operator=(const HttpPost&) = delete;

    // Throws TemporaryFailure for temporary failures (including a timeout, after which it is unknown whether the server
    // executed the request); Error(trust) for a certificate; Error(usage) for the CA file; Stopped when there is no
    // response 5 seconds after the stop signal.
    HttpAnswer post(const std::string& query, ByteView body);
    std::string escape(const std::string& text) const;

private:
    static std::size_t receive(char* data, std::size_t size, std::size_t count, void* self);
    static int watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    [[noreturn]] void fail(CURLcode code) const;

    const std::string base_, ca_file_;
    StopSignal* stop_;  // null: nothing ends a request early
    CURL* easy_;
    curl_slist* headers_ = nullptr;
    std::string received_;
    char reason_[CURL_ERROR_SIZE] = "";
};

}  // namespace saring::ship
