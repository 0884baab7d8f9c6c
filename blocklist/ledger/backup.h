// A backup is one LMDB data file: a consistent, compacted copy of a database, with its journal. It can be made while
// the database is in use. It is never written to afterwards.
#pragma once

#include <memory>
#include <string>

#include "base/progress.h"
#include "ledger/check.h"
#include "ledger/database.h"

namespace saring::ledger {

// Copies to `file`, which appears complete or not at all. Throws Error(usage) when it exists and `replace` is not set,
// lmdb::Failure when it cannot be written or the copy is damaged.
void back_up(const lmdb::Environment& from, const std::string& file, bool replace, Progress& progress = no_progress());

// A backup, opened for reading. Throws lmdb::Failure naming the file.
class Backup {
public:
    explicit Backup(const std::string& file);
    const Snapshot& snapshot() const { return *snapshot_; }

private:
    std::unique_ptr<lmdb::Environment> environment_;
    std::unique_ptr<lmdb::ReadTxn> txn_;
    Tables tables_{};
    std::unique_ptr<Snapshot> snapshot_;
};

// Flushes the directory that contains `path`.
void sync_folder_of(const std::string& path);

}  // namespace saring::ledger
