#include "ship/http_post.h"

#include <algorithm>
#include <cctype>
#include <new>

#include "fetch/tls_options.h"
#include "ship/destination.h"

namespace saring::ship {
namespace {

constexpr long connect_seconds = 10;
constexpr std::size_t max_answer = 1u << 20;
constexpr std::chrono::seconds patience_after_stop{5};

}  // namespace

HttpPost::HttpPost(const ShipUrl& url, const config::ShipConfig& config, const std::string& password, StopSignal* stop)
    : base_(url.base), ca_file_(config.ca_file), stop_(stop), easy_(fetch::curl().easy_init()) {
    if (!easy_) throw std::bad_alloc();
    auto set = [this](CURLoption option, auto value) { fetch::set_curl_option(easy_, base_, option, value); };
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    fetch::demand_verified_tls(set, ca_file_);
    if (!url.user.empty() || !password.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(CURLOPT_USERNAME, (url.user.empty() ? "default" : url.user).c_str());
        set(CURLOPT_PASSWORD, password.c_str());
    }
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "blocklist-tool/" SARING_VERSION);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_TIMEOUT, static_cast<long>(config.timeout_seconds));
    // When a reused connection breaks before the response, libcurl repeats the request, which would insert twice. A new
    // connection for each request, with HTTP/1.1 only, prevents that.
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_POST, 1L);
    set(CURLOPT_ERRORBUFFER, reason_);
    set(CURLOPT_WRITEFUNCTION, &HttpPost::receive);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &HttpPost::watch);
    set(CURLOPT_XFERINFODATA, this);
    // Send the body at once; servers without "100 Continue" would cost a second.
    headers_ = fetch::curl().slist_append(headers_, "Expect:");
    headers_ = fetch::curl().slist_append(headers_, "Content-Type: application/octet-stream");
    set(CURLOPT_HTTPHEADER, headers_);
}

HttpPost::~HttpPost() {
    fetch::curl().easy_cleanup(easy_);
    fetch::curl().slist_free_all(headers_);
}

std::size_t HttpPost::receive(char* data, std::size_t size, std::size_t count, void* self) {
    auto& received = static_cast<HttpPost*>(self)->received_;
    received.append(data, std::min(size * count, max_answer - received.size()));
    return size * count;
}

int HttpPost::watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto* stop = static_cast<HttpPost*>(self)->stop_;
    return stop && stop->requested() && stop->since() > patience_after_stop ? 1 : 0;
}

HttpAnswer HttpPost::post(const std::string& query, ByteView body) {
    received_.clear();
    *reason_ = 0;
    fetch::curl().easy_setopt(easy_, CURLOPT_URL, (base_ + "?" + query).c_str());
    fetch::curl().easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    fetch::curl().easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data());
    CURLcode code = fetch::curl().easy_perform(easy_);
    if (code == CURLE_ABORTED_BY_CALLBACK) throw Stopped();
    if (code != CURLE_OK) fail(code);
    HttpAnswer out;
    fetch::curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &out.status);
    out.body = std::move(received_);
    return out;
}

std::string HttpPost::escape(const std::string& text) const {
    char* escaped = fetch::curl().easy_escape(easy_, text.data(), static_cast<int>(text.size()));
    if (!escaped) throw std::bad_alloc();
    std::string out = escaped;
    fetch::curl().free(escaped);
    return out;
}

void HttpPost::fail(CURLcode code) const {
    std::string reason = *reason_ ? reason_ : fetch::curl().easy_strerror(code);
    while (!reason.empty() && std::isspace(static_cast<unsigned char>(reason.back()))) reason.pop_back();
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
            throw Error(ErrorKind::trust, base_, msg("the server's certificate is not trusted: %1", reason),
                        msg("check ship.ca_file and the host name; the connection may be intercepted"));
        case CURLE_SSL_CACERT_BADFILE: fetch::fail_for_authorities(ca_file_, base_, reason, "ship.ca_file");
        default: throw TemporaryFailure(base_, reason, msg("check the address, the server and the network"));
    }
}

}  // namespace saring::ship
