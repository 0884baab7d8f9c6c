#include "fetch/http_transfer.h"
#include "fetch/tls_options.h"

#include <algorithm>
#include <cctype>

namespace saring::fetch {
namespace {

constexpr long max_redirects = 3;
constexpr long connect_seconds = 20;
constexpr long slow_bytes_per_second = 64;

constexpr long transient_statuses[] = {408, 425, 429, 500, 502, 503, 504};
constexpr CURLcode transient_codes[] = {CURLE_COULDNT_RESOLVE_HOST,
                                        CURLE_COULDNT_RESOLVE_PROXY,
                                        CURLE_COULDNT_CONNECT,
                                        CURLE_OPERATION_TIMEDOUT,
                                        CURLE_PARTIAL_FILE,
                                        CURLE_GOT_NOTHING,
                                        CURLE_RECV_ERROR,
                                        CURLE_SEND_ERROR,
                                        CURLE_HTTP2,
                                        CURLE_HTTP2_STREAM,
                                        CURLE_SSL_CONNECT_ERROR};

template <typename T, std::size_t n>
bool among(const T (&all)[n], T one) {
    return std::find(std::begin(all), std::end(all), one) != std::end(all);
}

}  // namespace

HttpTransfer::HttpTransfer(std::shared_ptr<CURLM> multi, const config::FeedConfig& feed, const FetchUrl& base,
                           const std::string& url, const FetchRequest& request, std::chrono::milliseconds timeout)
    : multi_(std::move(multi)), easy_(curl().easy_init()), url_(url), ca_file_(feed.ca_file), limit_(request.limit) {
    if (!easy_) throw std::bad_alloc();
    auto set = [this](CURLoption option, auto value) { set_curl_option(easy_, url_, option, value); };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, base.secure ? "https" : "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, max_redirects);
    demand_verified_tls(set, ca_file_);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, "blocklist-tool/" SARING_VERSION);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, slow_bytes_per_second);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(feed.stall_seconds));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limit_));
    set(CURLOPT_ERRORBUFFER, reason_);
    set(CURLOPT_WRITEFUNCTION, &HttpTransfer::receive);
    set(CURLOPT_WRITEDATA, this);
    if (!request.etag.empty()) headers_ = curl().slist_append(headers_, ("If-None-Match: " + request.etag).c_str());
    else if (!request.last_modified.empty())
        headers_ = curl().slist_append(headers_, ("If-Modified-Since: " + request.last_modified).c_str());
    if (headers_) set(CURLOPT_HTTPHEADER, headers_);
    curl().multi_add_handle(multi_.get(), easy_);
}

HttpTransfer::~HttpTransfer() {
    curl().multi_remove_handle(multi_.get(), easy_);
    curl().easy_cleanup(easy_);
    curl().slist_free_all(headers_);
}

std::size_t HttpTransfer::receive(char* data, std::size_t size, std::size_t count, void* self) {
    auto& t = *static_cast<HttpTransfer*>(self);
    std::size_t n = size * count;
    if (t.status() < 200 || t.status() > 299) return n;  // drop the body of an error or a redirection
    if (n > t.limit_ - t.body_.size()) {
        t.too_large_ = true;
        return 0;
    }
    t.body_.append(data, n);
    return n;
}

long HttpTransfer::status() const {
    long out = 0;
    curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &out);
    return out;
}

std::string HttpTransfer::header(const char* name) const {
    curl_header* found = nullptr;
    return curl().easy_header(easy_, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value : "";
}

bool HttpTransfer::may_pass(CURLcode code) const {
    return code == CURLE_OK ? among(transient_statuses, status()) : among(transient_codes, code) && !too_large_;
}

std::chrono::seconds HttpTransfer::retry_after() const {
    curl_off_t seconds = 0;
    curl().easy_getinfo(easy_, CURLINFO_RETRY_AFTER, &seconds);
    return std::chrono::seconds(seconds);
}

FetchResponse HttpTransfer::finish(CURLcode code, unsigned attempts) {
    Message tries = attempts > 1 ? msg(" (%1 attempts)", attempts) : Message();
    FetchResponse out;
    if (auto date = header("date"); !date.empty())
        out.date = std::max<UnixTime>(curl().getdate(date.c_str(), nullptr), 0);
    if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) {
        out.status = FetchResponse::Status::too_large;
        return out;
    }
    if (code != CURLE_OK) fail(code, tries);
    if (status() == 404 || status() == 410) {
        out.status = FetchResponse::Status::absent;
        return out;
    }
    if (status() == 304) {
        out.status = FetchResponse::Status::not_modified;
        return out;
    }
    if (status() != 200)
        throw Error(ErrorKind::network, url_, msg("the server answered with status %1%2", status(), tries),
                    msg("ask the server's operator"));
    // Refused: a small body could decompress to a huge one, and hashes are over the published bytes.
    if (auto coding = header("content-encoding"); !coding.empty() && coding != "identity")
        throw Error(ErrorKind::network, url_, msg("has the content coding \"%1\", which was not requested", coding),
                    msg("switch it off at the server"));
    out.body = std::move(body_);
    out.etag = header("etag");
    out.last_modified = header("last-modified");
    out.content_type = header("content-type");
    return out;
}

void HttpTransfer::fail(CURLcode code, const Message& tries) const {
    std::string reason = *reason_ ? reason_ : curl().easy_strerror(code);
    while (!reason.empty() && std::isspace(static_cast<unsigned char>(reason.back()))) reason.pop_back();
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
            throw Error(ErrorKind::trust, url_, msg("the server's certificate is not trusted: %1", reason),
                        msg("check ca_file and the host name of the feed; the connection may be intercepted"));
        case CURLE_SSL_CACERT_BADFILE: fail_for_authorities(ca_file_, url_, reason, "ca_file");
        case CURLE_TOO_MANY_REDIRECTS:
            throw Error(ErrorKind::network, url_, msg("is redirected more than %1 times", max_redirects),
                        msg("configure its final address"));
        case CURLE_UNSUPPORTED_PROTOCOL:
            throw Error(ErrorKind::network, url_, msg("is redirected to an address that is not https"),
                        msg("configure an https address"));
        default: throw Error(ErrorKind::network, url_, reason + tries, msg("check the address and the network"));
    }
}

}  // namespace saring::fetch
