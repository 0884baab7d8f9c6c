// Compacting writes the database anew in a second folder and exchanges the two folders atomically (RENAME_EXCHANGE),
// including the lock file: LMDB's lock file belongs to the data file with which it was created.
//
// No commit is lost: the old folder's writer lock is held until the exchange, and a command that waited for it opens
// the path again (Writer). Readers continue with the old file until they notice. When the process is killed, the path
// names either the old database or the new one.
#pragma once

#include "base/progress.h"
#include "ledger/database.h"

namespace saring::ledger {

struct Compacted {
    std::uint64_t before = 0, after = 0;  // bytes of the data file
};

// Throws lmdb::Failure; then the database is unchanged.
Compacted compact(const config::Config& config, Progress& progress = no_progress());

}  // namespace saring::ledger
