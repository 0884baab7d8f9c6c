// One GET request: set-up, received data, and the meaning of its result.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"
#include "fetch/curl.h"
#include "fetch/transport.h"
#include "fetch/url.h"

namespace saring::fetch {

class HttpTransfer {
public:
    HttpTransfer(std::shared_ptr<CURLM> multi, const config::FeedConfig& feed, const FetchUrl& base,
                 const std::string& url, const FetchRequest& request, std::chrono::milliseconds timeout);
    ~HttpTransfer();
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    CURL* handle() const { return easy_; }
    const std::string& url() const { return url_; }
    std::uint64_t received() const { return body_.size(); }

    // Whether the failure may be temporary. False for a success.
    bool may_pass(CURLcode code) const;
    std::chrono::seconds retry_after() const;
    // The response. Throws Error(network); Error(trust) for a certificate; Error(usage) for the CA file.
    FetchResponse finish(CURLcode code, unsigned attempts);

private:
    static std::size_t receive(char* data, std::size_t size, std::size_t count, void* self);
    long status() const;
    std::string header(const char* name) const;
    [[noreturn]] void fail(CURLcode code, const Message& tries) const;

    std::shared_ptr<CURLM> multi_;
    CURL* easy_;
    curl_slist* headers_ = nullptr;
    std::string url_, ca_file_;
    std::uint64_t limit_;
    Bytes body_;
    bool too_large_ = false;
    char reason_[CURL_ERROR_SIZE] = "";
};

}  // namespace saring::fetch
