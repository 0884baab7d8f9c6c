#include "quality/recorder.h"

#include "base/error.h"
#include "base/quiet_thread.h"
#include "quality/quality_log.h"

namespace saring::tool {

namespace {

constexpr unsigned reading_patience = 3;  // seconds

}  // namespace

QualityRecorder::QualityRecorder(config::QualityConfig config) : config_(std::move(config)) {}

QualityRecorder::~QualityRecorder() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void QualityRecorder::start() {
    if (!controls().empty()) thread_ = start_quiet_thread([this] { run(); });
}

std::vector<QualityAt> QualityRecorder::of(const std::string& control) const {
    std::lock_guard lock(mutex_);
    auto at = kept_.find(control);
    return at == kept_.end() ? std::vector<QualityAt>{} : std::vector<QualityAt>(at->second.begin(), at->second.end());
}

std::string QualityRecorder::trouble(const std::string& control) const {
    std::lock_guard lock(mutex_);
    auto at = trouble_.find(control);
    return at == trouble_.end() ? std::string() : at->second;
}

void QualityRecorder::read_kept() {
    try {
        auto now = now_unix();
        auto bins = kept_quality(config_, now - kept_seconds, now, 60, {});
        std::lock_guard guard(mutex_);
        for (auto& bin : bins)
            for (const auto& control : controls())
                if (watched_resolver(control).control == bin.resolver)
                    kept_[control].push_back({bin.begin, bin.quality});
    } catch (const Error& e) { complain("blocklist-tool: console: " + translated(e.message())); }
}

void QualityRecorder::run() {
    read_kept();
    std::map<std::string, ResolverStatistics> last;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        for (const auto& control : controls()) {
            std::optional<QualityAt> reading;
            std::string trouble;
            try {
                auto now = read_statistics(control, reading_patience);
                auto before = last.find(control);
                if (before != last.end()) reading = QualityAt{now_unix(), quality_between(before->second, now)};
                last[control] = std::move(now);
            } catch (const Error& e) {
                trouble = e.what();
                last.erase(control);  // what comes next has a beginning of its own
            }
            std::lock_guard guard(mutex_);
            trouble_[control] = trouble;
            auto& kept = kept_[control];
            if (reading) kept.push_back(*reading);
            while (!kept.empty() && kept.front().time < now_unix() - kept_seconds) kept.pop_front();
        }
        lock.lock();
        changed_.wait_for(lock, std::chrono::seconds(config_.every_seconds), [this] { return stopping_; });
    }
}

}  // namespace saring::tool
