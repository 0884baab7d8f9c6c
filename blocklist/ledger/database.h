// The ledger as a whole: environment plus tables, opened to read or to write, by the tool alone.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <utility>

#include "base/process_lock.h"
#include "config/config.h"
#include "ledger/schema.h"

namespace saring::ledger {

class Database {
public:
    // Throws lmdb::Failure: absent, unavailable, corrupt, or another schema. Several
    // callers of one process share one environment, as LMDB demands.
    static std::shared_ptr<Database> open(const config::Config& config);
    // Creates directory and tables when they are not there.
    static std::shared_ptr<Database> open_to_write(const config::Config& config);

    // A write transaction, which one process at a time may have.
    struct WriteSession {
        std::unique_ptr<ProcessLock> lock;
        std::unique_ptr<lmdb::WriteTxn> txn;
    };
    // Waits for another writer to finish, database.lock_wait seconds at most; then throws Error(database) naming it.
    // When the database was exchanged meanwhile, as by compacting, `db` becomes the one that stands at the path now.
    static WriteSession begin_writing(std::shared_ptr<Database>& db);
    // Called once by each command that waits for another for more than a second, with who that is. Set once, before.
    static void on_waiting(std::function<void(const Message& holder)> tell);

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
