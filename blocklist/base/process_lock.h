// One process at a time. The lock is the kernel's (flock), so a process that dies leaves
// none behind; the file's text only says who holds it.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/message.h"
#include "base/time.h"

namespace saring {

// How long to wait for the holder, who is told, once, that one waits for it, and what to do when it does not end.
struct LockWait {
    std::chrono::seconds longest{0};
    std::function<void(const Message& holder)> waits = {};
    Message remedy = msg("let it end, or end it; nothing was done");
};

class ProcessLock {
public:
    // `what` is done by the holder: "sync"; `holder` says who this process is: "of budi". When another holds the lock
    // longer than patience allows, throws Error naming that process and since when: refused without patience, else
    // database. Throws Error(database) with `remedy` when the file cannot be made.
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
