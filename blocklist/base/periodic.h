// Calls a function at a fixed interval, on a thread with all signals blocked, as long as the object lives.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "base/quiet_thread.h"

namespace saring {

class Periodic {
public:
    // `look` must not throw. Throws std::system_error when the thread cannot be created.
    Periodic(std::chrono::milliseconds every, std::function<void()> look)
        : look_(std::move(look)), thread_(start_quiet_thread([this, every] {
              std::unique_lock lock(mutex_);
              while (!wake_.wait_for(lock, every, [this] { return over_; })) look_();
          })) {}
    // Waits for a call that is in progress.
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
    std::thread thread_;  // declared last: it uses the members above
};

}  // namespace saring
