#include "fetch/http_transport.h"

#include <chrono>
#include <deque>
#include <map>

#include "fetch/backoff.h"
#include "fetch/http_transfer.h"

namespace saring::fetch {
namespace {

using namespace std::chrono;

// So many files come one after the other on the connection that there is: handshakes of new ones take as long.
constexpr std::size_t few_files = 3;

class HttpTransport : public Transport {
public:
    HttpTransport(const config::FeedConfig& feed, const FetchUrl& url)
        : feed_(feed),
          url_(url),
          deadline_(steady_clock::now() + seconds(feed.timeout_seconds)),
          multi_(open_multi()) {}

    std::string address(const std::string& path) const override { return url_.base + path; }

    void get_all(const std::vector<FetchRequest>& requests, const Done& done) override {
        // With HTTP/2 one connection carries them all at once.
        auto connections = requests.size() <= few_files ? 1 : static_cast<long>(feed_.parallel);
        curl().multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, connections);
        waiting_.clear();
        for (std::size_t i = 0; i < requests.size(); ++i) waiting_.push_back({i, 0, steady_clock::now()});
        try {
            while (!waiting_.empty() || !running_.empty()) {
                start_due(requests);
                pump();
                collect(done);
            }
        } catch (...) {
            running_.clear();  // each transfer removes its handle from the multi handle
            throw;
        }
    }

private:
    struct Attempt {
        std::size_t number;
        unsigned failures;
        steady_clock::time_point not_before;
    };
    struct Running {
        Attempt attempt;
        std::unique_ptr<HttpTransfer> transfer;
    };

    static std::shared_ptr<CURLM> open_multi() {
        std::shared_ptr<CURLM> multi(curl().multi_init(), [](CURLM* m) {
            if (m) curl().multi_cleanup(m);
        });
        if (!multi) throw Error(ErrorKind::network, "libcurl", msg("cannot be set up"), msg("check the installation"));
        return multi;
    }

    void start_due(const std::vector<FetchRequest>& requests) {
        auto now = steady_clock::now();
        for (std::size_t i = 0; i < waiting_.size() && running_.size() < feed_.parallel;) {
            if (waiting_[i].not_before > now) {
                ++i;
                continue;
            }
            Attempt attempt = waiting_[i];
            waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
            const auto& request = requests[attempt.number];
            auto left = duration_cast<milliseconds>(deadline_ - now);
            if (left.count() <= 0) throw out_of_time(address(request.path));
            auto transfer = std::make_unique<HttpTransfer>(multi_, feed_, url_, address(request.path), request, left);
            CURL* handle = transfer->handle();
            running_[handle] = {attempt, std::move(transfer)};
        }
    }

    void pump() {
        int active = 0;
        curl().multi_perform(multi_.get(), &active);
        if (static_cast<std::size_t>(active) < running_.size()) return;  // one has ended: start another
        auto wait = milliseconds(1000);
        for (const auto& w : waiting_)
            if (running_.size() < feed_.parallel)
                wait = std::min(
                    wait, std::max(milliseconds(0),
                                   duration_cast<milliseconds>(w.not_before - steady_clock::now()) + milliseconds(1)));
        curl().multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }

    void collect(const Done& done) {
        int left = 0;
        while (CURLMsg* message = curl().multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            auto at = running_.find(message->easy_handle);
            CURLcode code = message->data.result;
            Running finished = std::move(at->second);
            running_.erase(at);
            auto& transfer = *finished.transfer;
            bytes_ += transfer.received();
            if (bytes_ > feed_.max_bytes)
                throw Error(ErrorKind::network, transfer.url(),
                            msg("exceeds the limit of %1 bytes for one synchronisation", feed_.max_bytes),
                            msg("raise max_mib of the feed if that is right"));
            if (transfer.may_pass(code) && finished.attempt.failures < feed_.retries) {
                ++finished.attempt.failures;
                auto next = steady_clock::now() + backoff_.wait(finished.attempt.failures, transfer.retry_after());
                if (next < deadline_) {
                    finished.attempt.not_before = next;
                    waiting_.push_back(finished.attempt);
                    continue;
                }
            }
            if (steady_clock::now() >= deadline_ && code == CURLE_OPERATION_TIMEDOUT) throw out_of_time(transfer.url());
            auto response = transfer.finish(code, finished.attempt.failures + 1);
            finished.transfer.reset();
            done(finished.attempt.number, std::move(response));
        }
    }

    Error out_of_time(const std::string& url) const {
        return Error(ErrorKind::network, url,
                     msg("did not arrive within the feed's limit of %1 seconds", feed_.timeout_seconds),
                     msg("try again, or raise timeout_seconds of the feed"));
    }

    const config::FeedConfig feed_;
    const FetchUrl url_;
    steady_clock::time_point deadline_;
    std::shared_ptr<CURLM> multi_;
    std::deque<Attempt> waiting_;
    std::map<CURL*, Running> running_;
    Backoff backoff_;
};

}  // namespace

std::unique_ptr<Transport> open_http_transport(const config::FeedConfig& feed, const FetchUrl& url) {
    return std::make_unique<HttpTransport>(feed, url);
}

}  // namespace saring::fetch
