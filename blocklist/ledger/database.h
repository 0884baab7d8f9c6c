// The blocklist database as a whole: environment plus tables, opened to read (the
// module, reading commands) or to write (the tool).
#pragma once

#include <sys/types.h>

#include <memory>
#include <utility>

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

    // Waits for another writer to finish. When the database was exchanged meanwhile, as by
    // compacting, `db` becomes the one that stands at the path now.
    static std::unique_ptr<lmdb::WriteTxn> begin_writing(std::shared_ptr<Database>& db);

    // False once another file stands at the path, as after a restore by copying.
    bool is_still_at_its_path() const;

    // False once one of its files was cut short under us.
    bool is_whole() const { return environment_.is_whole(); }

    lmdb::Environment& environment() { return environment_; }
    const Tables& tables() const { return tables_; }

private:
    Database(const config::Config& config, bool read_only);
    static std::shared_ptr<Database> open_unmixed(const config::Config& config, bool read_only);
    config::Config config_;
    lmdb::Environment environment_;
    Tables tables_{};
    std::pair<dev_t, ino_t> opened_{};
};

}  // namespace saring::ledger
