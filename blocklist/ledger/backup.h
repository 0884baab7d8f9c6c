// A backup is one LMDB data file: a consistent, compacted copy of a database that may be in
// use while it is made, with its journal. Nobody writes to it afterwards.
#pragma once

#include <memory>
#include <string>

#include "base/progress.h"
#include "ledger/check.h"
#include "ledger/database.h"

namespace saring::ledger {

// Copies to `file`, which appears whole or not at all. Throws Error(usage) when it is there
// already and `replace` is not set, lmdb::Failure when it cannot be written or the copy is
// not sound; then nothing is left behind.
void back_up(const lmdb::Environment& from, const std::string& file, bool replace, Progress& progress = no_progress());

// A backup opened to read. Throws lmdb::Failure, naming the file.
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

// The directory that holds `path`, flushed to disk.
void sync_folder_of(const std::string& path);

}  // namespace saring::ledger
