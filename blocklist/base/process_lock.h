// One process at a time. The lock is the kernel's (flock), so a process that dies leaves
// none behind; the file's text only says who holds it.
#pragma once

#include <string>

#include "base/message.h"
#include "base/time.h"

namespace saring {

class ProcessLock {
public:
    // `what` is done by the holder: "sync". Throws Error(refused) naming the holder's process,
    // operator and start; Error(database) with `remedy` when the file cannot be made.
    ProcessLock(const std::string& path, const Message& what, const std::string& operator_name, UnixTime now, const Message& remedy);
    ~ProcessLock();
    ProcessLock(const ProcessLock&) = delete;
    ProcessLock& operator=(const ProcessLock&) = delete;

private:
    int fd_ = -1;
};

}  // namespace saring
