// The ledger: LMDB environment and tables, opened for reading or writing, by the tool only.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <utility>

#include "base/process_lock.h"
#include "config/config.h"
#include "ledger/schema.h"

namespace saring::ledger {

// Whether a new database may take the place of one that was lost: data.mdb is missing or empty, but an image is
// published or the empty file is there.
enum class Creation { unless_lost, always };

class Database {
public:
    // Throws lmdb::Failure: absent, lost, unavailable, corrupt, or another schema. Callers of one process share one
    // environment, as LMDB requires.
    static std::shared_ptr<Database> open(const config::Config& config);
    // Creates the directory and tables if they do not exist. Throws lmdb::Failure as open().
    static std::shared_ptr<Database> open_to_write(const config::Config& config,
                                                   Creation creation = Creation::unless_lost);

    // A write transaction. Only one process at a time has one.
    struct WriteSession {
        std::unique_ptr<ProcessLock> lock;
        std::unique_ptr<lmdb::WriteTxn> txn;
    };
    // Waits for another writer, database.lock_wait seconds at most; then throws Error(database) naming it. If the
    // database was exchanged meanwhile, as by compacting, `db` becomes the one now at the path.
    static WriteSession begin_writing(std::shared_ptr<Database>& db);
    // `notify` is called once by each command that waits more than a second, with the lock's holder. Set it once,
    // first.
    static void on_waiting(std::function<void(const Message& holder)> notify);

    lmdb::Environment& environment() { return environment_; }
    const Tables& tables() const { return tables_; }

private:
    Database(const config::Config& config, bool read_only);
    static std::unique_ptr<ProcessLock> lock_for_writing(const config::Config& config);
    static std::shared_ptr<Database> open_unmixed(const config::Config& config, bool read_only);
    config::Config config_;
    lmdb::Environment environment_;
    Tables tables_{};
    std::pair<dev_t, ino_t> opened_{};
};

}  // namespace saring::ledger
