#include "ledger/database.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#include "base/acting_owner.h"

namespace saring::ledger {

Database::Database(const config::Config& config, bool read_only)
    // A reader's map is as large as its last writer's: what the writer's configuration says now counts for both.
    : config_(config), environment_(config.database.path, {read_only, read_only ? 0 : config.database.map_size, config.database.max_readers}) {}

namespace {

// Which file a path leads to now; a restored or moved database is another one.
using FileId = std::pair<dev_t, ino_t>;
FileId file_id(const std::string& path) {
    struct stat s {};
    return ::stat((path + "/data.mdb").c_str(), &s) == 0 ? FileId{s.st_dev, s.st_ino} : FileId{};
}

FileId folder_id(const std::string& path) {
    struct stat s {};
    return ::stat(path.c_str(), &s) == 0 ? FileId{s.st_dev, s.st_ino} : FileId{};
}

constexpr int attempts = 100;

std::mutex open_mutex;
std::map<FileId, std::weak_ptr<Database>> open_databases;

}  // namespace

bool Database::is_still_at_its_path() const {
    FileId now = file_id(environment_.directory());
    return now == FileId{} || now == opened_;
}

// Data and lock file of one and the same folder, though it may be exchanged at any moment.
std::shared_ptr<Database> Database::open_unmixed(const config::Config& config, bool read_only) {
    const auto& path = config.database.path;
    for (int i = 0; i < attempts; ++i) {
        auto folder = folder_id(path), data = file_id(path);
        std::shared_ptr<Database> db(new Database(config, read_only));
        if (folder_id(path) != folder) continue;
        db->opened_ = data == FileId{} ? file_id(path) : data;
        return db;
    }
    throw lmdb::Failure(lmdb::Fault::unavailable, path, msg("is being exchanged again and again"), msg("end what does so"));
}

std::unique_ptr<lmdb::WriteTxn> Database::begin_writing(std::shared_ptr<Database>& db) {
    for (int i = 0; i < attempts; ++i) {
        auto txn = std::make_unique<lmdb::WriteTxn>(db->environment_);
        // While this is held nobody can exchange it.
        if (file_id(db->environment_.directory()) == db->opened_) return txn;
        txn.reset();
        config::Config config = db->config_;
        db = open_to_write(config);
    }
    throw lmdb::Failure(lmdb::Fault::unavailable, db->environment_.directory(), msg("is being exchanged again and again"), msg("end what does so"));
}

std::shared_ptr<Database> Database::open(const config::Config& config) {
    std::lock_guard lock(open_mutex);
    ActingOwner as(config.database.path);
    FileId id = file_id(config.database.path);
    if (auto known = open_databases.find(id); known != open_databases.end())
        if (auto db = known->second.lock(); db && db->is_whole() && !db->environment_.is_outgrown()) return db;
    auto db = open_unmixed(config, true);
    open_databases[db->opened_] = db;
    lmdb::ReadTxn txn(db->environment_);
    db->tables_ = open_tables(txn);
    txn.keep_handles();
    return db;
}

std::shared_ptr<Database> Database::open_to_write(const config::Config& config) {
    const auto& path = config.database.path;
    ActingOwner as(path);
    if (::mkdir(path.c_str(), 0775) != 0 && errno != EEXIST)
        throw lmdb::Failure(lmdb::Fault::unavailable, path, msg("cannot create: %1", std::strerror(errno)),
                            msg("create its parent directory or set database.path"));
    auto db = open_unmixed(config, false);
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

}  // namespace saring::ledger
