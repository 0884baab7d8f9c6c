#include "ledger/database.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <sstream>

#include "base/acting_owner.h"
#include "base/file.h"
#include "text/printable.h"

namespace saring::ledger {

Database::Database(const config::Config& config, bool read_only)
    // A reader maps as much as the last writer did, so the writer's current map_size applies to both.
    : config_(config),
      environment_(config.database.path,
                   {read_only, read_only ? 0 : config.database.map_size, config.database.max_readers}) {}

namespace {

// The directory that a path names now; a restored or moved database is another one.
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

std::function<void(const Message&)> notify_waiting;

// This process's command line, for commands that wait for it: without the program's folder, and only the end of a long
// argument, since the end of a path is the distinctive part.
std::string this_command() {
    constexpr std::size_t longest_argument = 40, max_length = 240;
    std::istringstream arguments(read_head("/proc/self/cmdline", 4096));
    std::string out;
    for (std::string argument; std::getline(arguments, argument, '\0');) {
        if (out.empty()) argument = std::filesystem::path(argument).filename().string();
        if (argument.size() > longest_argument) argument = "..." + argument.substr(argument.size() - longest_argument);
        out += (out.empty() ? "" : " ") + argument;
    }
    return shown(out.substr(0, max_length));
}

enum class Data { absent, empty, present };  // present: also if it cannot be seen

Data look_at_data(const std::string& path) {
    struct stat s {};
    if (::stat((path + "/data.mdb").c_str(), &s) != 0) return errno == ENOENT ? Data::absent : Data::present;
    return s.st_size == 0 ? Data::empty : Data::present;
}

bool is_without_data(const std::string& path) { return look_at_data(path) != Data::present; }

// Throws if the database is gone from a folder that had one. Creating an empty one in its place would also replace the
// image that resolvers use.
void refuse_lost(const config::Config& config) {
    const auto& path = config.database.path;
    bool emptied = look_at_data(path) == Data::empty;
    auto image = config.database.image_folder();
    bool published = ::access((image + "/current").c_str(), F_OK) == 0;
    if (!emptied && !published) return;
    throw lmdb::Failure(
        lmdb::Fault::lost, emptied ? path + "/data.mdb" : path,
        (emptied ? msg("is empty (0 bytes)") : msg("holds no database")) +
            (published ? msg(", but an image is published in %1", image) : Message()),
        msg("restore a backup with: blocklist-tool db restore, or begin anew with: blocklist-tool db init"));
}

std::mutex open_mutex;
std::map<FileId, std::weak_ptr<Database>> open_databases;

}  // namespace

// Opens data file and lock file of the same folder, although the folder may be exchanged at any moment.
std::shared_ptr<Database> Database::open_unmixed(const config::Config& config, bool read_only) {
    const auto& path = config.database.path;
    for (int i = 0; i < attempts; ++i) {
        auto folder = folder_id(path), data = file_id(path);
        std::shared_ptr<Database> db(new Database(config, read_only));
        if (folder_id(path) != folder) continue;
        db->opened_ = data == FileId{} ? file_id(path) : data;
        return db;
    }
    throw lmdb::Failure(lmdb::Fault::unavailable, path, msg("was replaced %1 times while it was opened", attempts),
                        msg("end the process that keeps replacing it"));
}

void Database::on_waiting(std::function<void(const Message&)> notify) { notify_waiting = std::move(notify); }

std::unique_ptr<ProcessLock> Database::lock_for_writing(const config::Config& config) {
    return std::make_unique<ProcessLock>(config.database.path + "/writer.lock", msg("database"),
                                         "(" + this_command() + ")", now_unix(),
                                         msg("check the path and its permissions"),
                                         LockWait{std::chrono::seconds(config.database.lock_wait), notify_waiting});
}

Database::WriteSession Database::begin_writing(std::shared_ptr<Database>& db) {
    for (int i = 0; i < attempts; ++i) {
        WriteSession out{lock_for_writing(db->config_), nullptr};
        out.txn = std::make_unique<lmdb::WriteTxn>(db->environment_);
        // The folder cannot be exchanged while the lock is held.
        if (file_id(db->environment_.directory()) == db->opened_) return out;
        out.txn.reset();
        out.lock.reset();
        config::Config config = db->config_;
        db = open_to_write(config);
    }
    throw lmdb::Failure(lmdb::Fault::unavailable, db->environment_.directory(),
                        msg("was replaced %1 times while it was opened", attempts),
                        msg("end the process that keeps replacing it"));
}

std::shared_ptr<Database> Database::open(const config::Config& config) {
    std::lock_guard lock(open_mutex);
    ActingOwner as(config.database.path);
    FileId id = file_id(config.database.path);
    if (auto known = open_databases.find(id); known != open_databases.end())
        if (auto db = known->second.lock()) return db;
    if (is_without_data(config.database.path)) refuse_lost(config);
    auto db = open_unmixed(config, true);
    open_databases[db->opened_] = db;
    lmdb::ReadTxn txn(db->environment_);
    db->tables_ = open_tables(txn);
    txn.keep_handles();
    return db;
}

std::shared_ptr<Database> Database::open_to_write(const config::Config& config, Creation creation) {
    const auto& path = config.database.path;
    ActingOwner as(path);
    if (::mkdir(path.c_str(), 0775) != 0 && errno != EEXIST)
        throw lmdb::Failure(lmdb::Fault::unavailable, path, msg("cannot create: %1", std::strerror(errno)),
                            msg("create its parent directory or set database.path"));
    std::unique_ptr<ProcessLock> lock;
    auto require_not_lost = [&] {
        if (creation == Creation::unless_lost) refuse_lost(config);
    };
    if (is_without_data(path)) {
        lock = lock_for_writing(config);  // another process may be about to create it
        if (is_without_data(path)) require_not_lost();
    }
    auto db = open_unmixed(config, false);
    db->environment_.clear_stale_readers();
    {
        lmdb::ReadTxn txn(db->environment_);
        if (txn.open_db("meta")) {
            db->tables_ = open_tables(txn);
            txn.keep_handles();
            return db;
        }
    }
    if (!lock) lock = lock_for_writing(config);
    lmdb::WriteTxn txn(db->environment_);
    bool created_meanwhile = txn.open_db("meta").has_value();
    if (!created_meanwhile) require_not_lost();
    db->tables_ = created_meanwhile ? open_tables(txn) : create_tables(txn);
    // Handles opened in a transaction stay valid only if it commits.
    lmdb::commit(std::move(txn));
    return db;
}

}  // namespace saring::ledger
