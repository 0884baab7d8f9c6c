// Compacting writes the database anew beside itself and exchanges the two folders in one
// step, lock file included: LMDB's lock file belongs to the data file it was made with.
//
// No commit is lost: the writer's lock of the old folder is held until the new one stands,
// and who waited for it looks again where the path leads (Writer). Readers go on with the
// old file until they notice; the module opens the new one within a second. Killed at any
// moment, the path leads to the old database or the new one.
#pragma once

#include "base/progress.h"
#include "ledger/database.h"

namespace saring::ledger {

struct Compacted {
    std::uint64_t before = 0, after = 0;  // bytes of the data file
};

// Throws lmdb::Failure; then the database is as it was.
Compacted compact(const config::Config& config, Progress& progress = no_progress());

}  // namespace saring::ledger
