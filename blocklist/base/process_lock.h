// One process at a time. The lock is the kernel's (flock(2)), so a process that dies releases it. The file's text only
// names the holder.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/message.h"
#include "base/time.h"

namespace saring {

// How long to wait for the lock's holder. `on_wait` is called once, after a short silent wait; `remedy` is for the
// timeout.
struct LockWait {
    std::chrono::seconds max_wait{0};
    std::function<void(const Message& holder)> on_wait = {};
    Message remedy = msg("wait for it, or stop it; nothing was done");
};

class ProcessLock {
public:
    // `what`: the holder's activity, "sync"; `holder`: who this process is, "of budi". When another process keeps the
    // lock longer than `patience.longest`, throws Error that names that process and its start: Error(refused) when
    // `max_wait` is 0, else Error(database). Throws Error(database) with `remedy` when the file cannot be created.
    ProcessLock(const std::string& path, const Message& what, const std::string& holder, UnixTime now,
                const Message& remedy, const LockWait& patience = {});
    ~ProcessLock();
    ProcessLock(const ProcessLock&) = delete;
    ProcessLock& operator=(const ProcessLock&) = delete;

private:
    Message holder() const;
    bool wait(const LockWait& patience) const;

    int fd_ = -1;
};

}  // namespace saring
