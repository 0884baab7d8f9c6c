// A consistent, compacted copy of an environment that may be in use.
#pragma once

#include "base/progress.h"
#include "ledger/lmdb.h"

namespace saring::ledger {

// Writes to an empty file; the caller flushes it. Returns LMDB's code, 0 for success. Throws Failure(corrupt) before
// anything is written when a page is damaged.
int copy_compacted(const lmdb::Environment& from, int fd, const Message& what, Progress& progress);

}  // namespace saring::ledger
