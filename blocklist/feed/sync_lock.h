// One synchronisation at a time: two would fetch the same orders twice, and the slower
// would report the faster one's work as its own.
#pragma once

#include <string>

#include "base/process_lock.h"

namespace saring::feed {

class SyncLock {
public:
    // `<database>.sync-lock`. Throws as ProcessLock does.
    SyncLock(const std::string& database, const std::string& operator_name, UnixTime now);

private:
    ProcessLock lock_;
};

}  // namespace saring::feed
