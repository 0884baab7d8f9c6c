// Service quality of resolvers over the last day, a reading each quality.every_seconds, kept in memory for the
// console's charts. Begins with those of quality_log.h.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "config/quality_config.h"
#include "quality/statistics.h"

namespace saring::tool {

struct QualityAt {
    UnixTime time = 0;
    ServiceQuality quality;
};

class QualityRecorder {
public:
    static constexpr UnixTime kept_seconds = 86400;

    explicit QualityRecorder(config::QualityConfig config);
    ~QualityRecorder();
    QualityRecorder(const QualityRecorder&) = delete;
    QualityRecorder& operator=(const QualityRecorder&) = delete;

    void start();                                                 // its thread
    std::vector<QualityAt> of(const std::string& control) const;  // the oldest first
    std::string trouble(const std::string& control) const;        // of the last reading; empty: none
    const std::vector<std::string>& controls() const { return config_.control; }

private:
    void run();
    void read_kept();

    const config::QualityConfig config_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, std::deque<QualityAt>> kept_;
    std::map<std::string, std::string> trouble_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace saring::tool
