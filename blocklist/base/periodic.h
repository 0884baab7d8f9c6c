// Looks at something every so often, on a quiet thread of its own, as long as the object lives.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "base/quiet_thread.h"

namespace saring {

class Periodic {
public:
    // `look` must not throw. Throws std::system_error when there is no thread to be had.
    Periodic(std::chrono::milliseconds every, std::function<void()> look)
        : look_(std::move(look)), thread_(start_quiet_thread([this, every] {
              std::unique_lock lock(mutex_);
              while (!wake_.wait_for(lock, every, [this] { return over_; })) look_();
          })) {}
    // Waits for a look that is under way.
    ~Periodic() {
        {
            std::lock_guard lock(mutex_);
            over_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }
    Periodic(const Periodic&) = delete;
    Periodic& operator=(const Periodic&) = delete;

private:
    const std::function<void()> look_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool over_ = false;
    std::thread thread_;  // last: what it uses is there before it
};

}  // namespace saring
