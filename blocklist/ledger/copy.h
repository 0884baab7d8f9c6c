// A consistent, compacted copy of an environment that may be in use.
#pragma once

#include "base/progress.h"
#include "ledger/lmdb.h"

namespace saring::ledger {

// Into an empty file; flushing it is the caller's business. Returns LMDB's code, 0 for done; throws
// Failure(corrupt) before anything is written when its pages are damaged.
int copy_compacted(const lmdb::Environment& from, int fd, const Message& what, Progress& progress);

}  // namespace saring::ledger
