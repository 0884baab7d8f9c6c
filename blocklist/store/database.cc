#include "store/database.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

namespace saring {

Database::Database(const Config& config, bool read_only)
    : environment_(config.database.path, {read_only, config.database.map_size, config.database.max_readers}) {}

namespace {

// Which file a path leads to now; a restored or moved database is another one.
using FileId = std::pair<dev_t, ino_t>;
FileId file_id(const std::string& path) {
    struct stat s {};
    return ::stat((path + "/data.mdb").c_str(), &s) == 0 ? FileId{s.st_dev, s.st_ino} : FileId{};
}

std::mutex open_mutex;
std::map<FileId, std::weak_ptr<Database>> open_databases;

}  // namespace

bool Database::is_still_at_its_path() const {
    FileId now = file_id(environment_.directory());
    return now == FileId{} || now == opened_;
}

std::shared_ptr<Database> Database::open(const Config& config) {
    std::lock_guard lock(open_mutex);
    FileId id = file_id(config.database.path);
    if (auto known = open_databases.find(id); known != open_databases.end())
        if (auto db = known->second.lock(); db && db->is_whole()) return db;
    std::shared_ptr<Database> db(new Database(config, true));
    db->opened_ = id;
    open_databases[id] = db;
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
