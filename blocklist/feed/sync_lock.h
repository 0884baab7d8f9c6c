// One synchronisation at a time: two would fetch the same orders twice, and the slower
// would report the faster one's work as its own. The lock is the kernel's (flock), so a
// process that dies leaves none behind; the file's text only says who holds it.
#pragma once

#include <string>

#include "base/time.h"

namespace saring {

class SyncLock {
public:
    // `<database>.sync-lock`. Throws Error(refused) naming the holder's process,
    // operator and start; Error(database) when the file cannot be made.
    SyncLock(const std::string& database, const std::string& operator_name, UnixTime now);
    ~SyncLock();
    SyncLock(const SyncLock&) = delete;
    SyncLock& operator=(const SyncLock&) = delete;

private:
    int fd_ = -1;
};

}  // namespace saring
