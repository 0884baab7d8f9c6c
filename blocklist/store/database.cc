#include "store/database.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace saring {

Database::Database(const Config& config, bool read_only)
    : environment_(config.database.path, {read_only, config.database.map_size, config.database.max_readers}) {}

std::shared_ptr<Database> Database::open(const Config& config) {
    std::shared_ptr<Database> db(new Database(config, true));
    lmdb::ReadTxn txn(db->environment_);
    db->tables_ = open_tables(txn);
    txn.keep_handles();
    return db;
}

std::shared_ptr<Database> Database::open_to_write(const Config& config) {
    const auto& path = config.database.path;
    if (::mkdir(path.c_str(), 0775) != 0 && errno != EEXIST)
        throw lmdb::Failure(lmdb::Fault::unavailable, path, std::string("cannot create: ") + std::strerror(errno),
                            "create its parent directory or set database.path");
    std::shared_ptr<Database> db(new Database(config, false));
    db->environment_.clear_stale_readers();
    lmdb::WriteTxn txn(db->environment_);
    if (txn.open_db("meta")) {
        db->tables_ = open_tables(txn);
    } else {
        db->tables_ = create_tables(txn);
    }
    // Handles opened in a transaction outlive it only when it commits.
    lmdb::commit(std::move(txn));
    return db;
}

}  // namespace saring
