#include "ledger/lmdb.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "ledger/fault_trap.h"
#include "ledger/page_layout.h"
#include "ledger/page_walk.h"

namespace saring::ledger::lmdb {
namespace {

MDB_val val(ByteView v) { return {v.size(), const_cast<char*>(v.data())}; }
ByteView view(const MDB_val& v) { return {static_cast<const char*>(v.mv_data), v.mv_size}; }

// Of a value larger than a page LMDB takes the size from the file as it is.
ByteView inside(const MDB_val& v) {
    constexpr std::size_t a_few_pages = 65536;  // the map ends far behind what is in the file
    if (v.mv_size > a_few_pages && !MapGuard::covers(v.mv_data, v.mv_size)) check(MDB_CORRUPTED, marked("cannot read"));
    return view(v);
}

constexpr unsigned max_named_databases = 16;

// Without a lock file that it can write LMDB reads unseen, and the writer reuses the pages
// that are being read.
void require_visible_readers(const std::string& lock) {
    if (::access(lock.c_str(), W_OK) != 0 && errno == EROFS)
        throw Failure(Fault::unavailable, lock, msg("is on a file system mounted read-only, where readers cannot be entered"),
                      msg("let it be written, e.g. ReadWritePaths= of the service; only data.mdb may be read-only"));
}

// LMDB's consistency checks end the process when they fail, which on a damaged file they
// do. LMDB is built with unwind tables, as everything on its platforms is, and holds no
// lock while it reads.
void assertion_failed(MDB_env*, const char* message) {
    throw Failure(Fault::corrupt, msg("database"), msg("corrupt: %1", message), msg("restore a backup or sync again into a new database"));
}

// Another word for it than LMDB's codes, which end at -30779.
constexpr int endless = -30700;

// What only reads, and follows the pages that it finds. By LMDB's own handle, so that asking costs nothing.
template <typename F>
int reading(MDB_env* env, F call) {
    int rc = FaultTrap::in(call, MDB_CORRUPTED, endless);
    if (rc != endless) return rc;
    auto* environment = static_cast<Environment*>(mdb_env_get_userctx(env));
    environment->give_up();
    environment->require_whole();
    return MDB_CORRUPTED;
}

// LMDB would wait at a pipe, or read a device, as long as it gives.
void require_regular(const std::string& path) {
    struct ::stat file {};
    if (::stat(path.c_str(), &file) != 0 || S_ISREG(file.st_mode) || S_ISDIR(file.st_mode)) return;  // none yet, or LMDB says why not
    throw Failure(Fault::unavailable, path, msg("is no regular file"), msg("put the database's file there, e.g. from a backup"));
}

// LMDB divides by the page size that it finds in the file, before anybody can look at more of it.
void require_page_size(const std::string& data) {
    int fd = ::open(data.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;  // none yet, or LMDB says why not
    // Of the first page and the second; nothing of what is too short for one, which LMDB tells.
    auto page_size = [fd](off_t at) -> std::optional<std::size_t> {
        char meta[layout::Meta::size];
        if (::pread(fd, meta, sizeof meta, at) != static_cast<ssize_t>(sizeof meta)) return std::nullopt;
        return layout::Meta(meta).free.pad;
    };
    auto first = page_size(0);
    bool good = !first || (*first >= layout::smallest_page && *first <= layout::largest_page && (*first & (*first - 1)) == 0);
    if (first && good) good = page_size(static_cast<off_t>(*first)).value_or(*first) == *first;
    ::close(fd);
    if (!good) throw Failure(Fault::corrupt, msg("database"), msg("%1: its first pages are damaged, or it is none of LMDB's", data), msg("restore a backup or sync again into a new database"));
}

// What was cut short lacks pages that something leads to. A sound file may be shorter than LMDB's last page as well.
void require_all_pages(const Environment& env, const std::string& data) {
    struct ::stat file {};
    int fd = -1;
    check(mdb_env_get_fd(env.handle(), &fd), marked("cannot read"));
    auto wanted = reach(env.handle());
    if (::fstat(fd, &file) == 0 && static_cast<std::uint64_t>(file.st_size) < wanted && damaged_page(env))
        throw Failure(Fault::corrupt, msg("database"), msg("%1 has %2 bytes of the %3 it should have", data, file.st_size, wanted), msg("it was cut short: restore a backup or sync again into a new database"));
}

}  // namespace

std::uint64_t reach(MDB_env* env) {
    MDB_envinfo info;
    MDB_stat stat;
    check(mdb_env_info(env, &info), marked("cannot read"));
    check(mdb_env_stat(env, &stat), marked("cannot read"));
    return (static_cast<std::uint64_t>(info.me_last_pgno) + 1) * stat.ms_psize;
}

void raise(int code, const Message& doing) {
    Message why = doing + ": " + mdb_strerror(code);
    switch (code) {
        case ENOENT:
            throw Failure(Fault::absent, msg("database"), why, msg("create it with: blocklist-tool db init"));
        case MDB_MAP_FULL:
            throw Failure(Fault::full, msg("database"), why, msg("raise database.map_size_mib; nothing was written"));
        case ENOSPC:
            throw Failure(Fault::full, msg("database"), why, msg("free disk space; nothing was written"));
        case MDB_MAP_RESIZED:
            throw Failure(Fault::unavailable, msg("database"), msg("%1: it has grown beyond the map made of it", doing), msg("open it anew; the module does so within a second"));
        case MDB_READERS_FULL:
            throw Failure(Fault::unavailable, msg("database"), why, msg("raise database.max_readers and stop every user of it once"));
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
        case MDB_PANIC:
        case MDB_BAD_TXN:  // after one of the others
        case MDB_INVALID:
            throw Failure(Fault::corrupt, msg("database"), why, msg("restore a backup or sync again into a new database"));
        case MDB_VERSION_MISMATCH:
            throw Failure(Fault::schema, msg("database"), why, msg("it was made by another LMDB version"));
        default:
            throw Failure(Fault::unavailable, msg("database"), why, msg("check the path, its permissions and who else uses it"));
    }
}

namespace {
// What could not even be begun (a full disk, say) is no damaged database: the next run is to begin anew. A file
// with both of LMDB's first pages is somebody's and stays.
void forget_beginning(const std::string& data) {
    struct ::stat file {};
    if (::stat(data.c_str(), &file) == 0 && file.st_size > 0 && file.st_size < 2 * ::sysconf(_SC_PAGESIZE)) (void)!::truncate(data.c_str(), 0);
}
}  // namespace

namespace {
// Of the two files, just created: whoever of the group may read the data may write the lock, since readers are
// entered there; only the owner may write the data. Nobody else gets the lock: who holds it holds up the writer.
void share_with_readers(const std::string& data, const std::string& lock) {
    struct ::stat file {};
    if (::stat(data.c_str(), &file) != 0 || file.st_uid != ::geteuid()) return;
    mode_t readers = file.st_mode & S_IRGRP ? S_IRGRP | S_IWGRP : 0;
    if (::chmod(data.c_str(), file.st_mode & 07777 & ~static_cast<mode_t>(S_IWGRP | S_IWOTH)) == 0) (void)!::chmod(lock.c_str(), S_IRUSR | S_IWUSR | readers);
}
}  // namespace

Environment::Environment(const std::string& directory, const Options& options) : directory_(directory) {
    std::string data = options.single_file ? std::filesystem::absolute(directory).string() : directory + "/data.mdb";
    std::string locks = options.single_file ? data + "-lock" : directory + "/lock.mdb";
    for (const auto& file : {data, locks}) require_regular(file);
    require_page_size(data);
    check(mdb_env_create(&env_), marked("cannot set up"));
    bool creates = !options.read_only && !options.single_file && ::access(data.c_str(), F_OK) != 0;
    int rc = mdb_env_set_userctx(env_, this);
    if (rc == 0) rc = mdb_env_set_maxdbs(env_, max_named_databases);
    if (rc == 0 && options.map_size) rc = mdb_env_set_mapsize(env_, options.map_size);
    if (rc == 0) rc = mdb_env_set_maxreaders(env_, options.max_readers);
    if (rc == 0) rc = mdb_env_set_assert(env_, assertion_failed);
    // NOTLS: a read transaction belongs to an object, not to a thread.
    unsigned flags = MDB_NOTLS | (options.read_only ? MDB_RDONLY : 0u) | (options.single_file ? MDB_NOSUBDIR | MDB_NOLOCK : 0u) |
                     (options.relaxed ? MDB_NOMETASYNC : 0u);
    if (rc == 0) rc = mdb_env_open(env_, directory.c_str(), flags, 0664);
    if (rc != 0) {
        mdb_env_close(env_);
        if (creates) forget_beginning(data);
        raise(rc, msg("cannot open %1", directory));
    }
    MDB_stat stat;
    if (mdb_env_stat(env_, &stat) == 0) page_size_ = stat.ms_psize;
    if (creates) share_with_readers(data, locks);
    data_guard_ = std::make_unique<MapGuard>(data);
    lock_guard_ = std::make_unique<MapGuard>(locks);
    MapGuard::cover_this_thread();
    try {
        if (!options.single_file) require_visible_readers(locks);
        require_all_pages(*this, data);
    } catch (const Failure&) {
        data_guard_.reset();
        lock_guard_.reset();
        mdb_env_close(env_);
        throw;
    }
}

Environment::~Environment() {
    data_guard_.reset();
    lock_guard_.reset();
    mdb_env_close(env_);
}

void Environment::require_whole() const {
    if (gave_up_.load(std::memory_order_relaxed))
        throw Failure(Fault::corrupt, msg("database"), msg("%1: a page of it is damaged, so that it would be searched without end", directory_), msg("restore a backup or sync again into a new database"));
    if (!is_whole())
        throw Failure(Fault::corrupt, msg("database"), msg("%1: a file of it was cut short or written over while in use", directory_), msg("restore a backup, by renaming it into place"));
    // LMDB believes the last page number it finds; beyond the map there is nothing to read.
    MDB_envinfo info;
    check(mdb_env_info(env_, &info), marked("cannot read"));
    if (info.me_last_pgno < info.me_mapsize / page_size_) return;
    if (is_outgrown()) raise(MDB_MAP_RESIZED, msg("cannot read"));
    throw Failure(Fault::corrupt, msg("database"), msg("%1: its last page lies beyond the map", directory_), msg("restore a backup, by renaming it into place"));
}

bool Environment::is_outgrown() const {
    MDB_envinfo info;
    struct ::stat file {};
    int fd = -1;
    if (mdb_env_info(env_, &info) != 0 || mdb_env_get_fd(env_, &fd) != 0 || ::fstat(fd, &file) != 0) return false;
    auto pages = static_cast<std::uint64_t>(file.st_size) / page_size_;
    return info.me_last_pgno >= info.me_mapsize / page_size_ && pages > info.me_mapsize / page_size_;
}

int Environment::clear_stale_readers() {
    int dead = 0;
    check(mdb_reader_check(env_, &dead), marked("cannot check readers"));
    return dead;
}

std::optional<ByteView> Transaction::get(MDB_dbi db, ByteView key) const {
    MDB_val k = val(key), v;
    int rc = reading(environment(), [&] { return mdb_get(txn_, db, &k, &v); });
    if (rc == MDB_NOTFOUND) return std::nullopt;
    check(rc, marked("cannot read"));
    return inside(v);
}

MDB_stat Transaction::stat(MDB_dbi db) const {
    MDB_stat out;
    check(reading(environment(), [&] { return mdb_stat(txn_, db, &out); }), marked("cannot read"));
    return out;
}

std::size_t Transaction::entries(MDB_dbi db) const { return stat(db).ms_entries; }

std::uint64_t Transaction::used_bytes(MDB_dbi db) const {
    auto s = stat(db);
    return std::uint64_t{s.ms_branch_pages + s.ms_leaf_pages + s.ms_overflow_pages} * s.ms_psize;
}

std::optional<MDB_dbi> Transaction::open_db(const char* name, bool create, unsigned flags) const {
    MDB_dbi db;
    int rc = reading(environment(), [&] { return mdb_dbi_open(txn_, name, flags | (create ? MDB_CREATE : 0u), &db); });
    if (rc == MDB_NOTFOUND) return std::nullopt;
    check(rc, marked("cannot open"));
    return db;
}

namespace {
MDB_txn* begin(const Environment& env, unsigned flags, const char* doing) {
    env.require_whole();
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env.handle(), nullptr, flags, &txn), doing);
    return txn;
}
}  // namespace

ReadTxn::ReadTxn(const Environment& env) : Transaction(begin(env, MDB_RDONLY, marked("cannot begin reading"))) {}

// The reader slot is no longer this transaction's. That happens when another data file is
// renamed into the same folder: opening it, this process finds itself to be the only one
// at the lock file, and sets up the reader table afresh. The old transaction is left alone:
// ending it would take the slot from whoever has it now.
void ReadTxn::begin_anew() {
    MDB_txn* fresh = nullptr;
    check(mdb_txn_begin(mdb_txn_env(txn_), nullptr, MDB_RDONLY, &fresh), marked("cannot begin reading"));
    txn_ = fresh;
}

void ReadTxn::keep_handles() {
    MDB_txn* txn = txn_;
    MDB_env* env = mdb_txn_env(txn);
    check(mdb_txn_commit(txn), marked("cannot keep handles"));
    txn_ = nullptr;
    check(mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn_), marked("cannot begin reading"));
}

WriteTxn::WriteTxn(const Environment& env) : Transaction(begin(env, 0, marked("cannot begin writing"))) { FaultTrap::begin_writing(); }

void WriteTxn::put(MDB_dbi db, ByteView key, ByteView value, unsigned flags) {
    MDB_val k = val(key), v = val(value);
    check(FaultTrap::around_write([&] { return mdb_put(txn_, db, &k, &v, flags); }), marked("cannot write"));
}

bool WriteTxn::erase(MDB_dbi db, ByteView key) {
    MDB_val k = val(key);
    int rc = FaultTrap::around_write([&] { return mdb_del(txn_, db, &k, nullptr); });
    if (rc == MDB_NOTFOUND) return false;
    check(rc, marked("cannot delete"));
    return true;
}

bool WriteTxn::erase(MDB_dbi db, ByteView key, ByteView value) {
    MDB_val k = val(key), v = val(value);
    int rc = FaultTrap::around_write([&] { return mdb_del(txn_, db, &k, &v); });
    if (rc == MDB_NOTFOUND) return false;
    check(rc, marked("cannot delete"));
    return true;
}

namespace {
// Pages that a commit takes from beyond the end and frees again LMDB counts and never writes. Nothing is amiss, but the
// file looks cut short, and whoever opens it would have to look at all of it to know.
void lengthen(MDB_env* env) {
    struct ::stat file {};
    int fd = -1;
    if (mdb_env_get_fd(env, &fd) != 0 || ::fstat(fd, &file) != 0) return;
    auto wanted = static_cast<off_t>(reach(env));
    // Only grows, whatever another writer has done to it meanwhile. Where it cannot be, it is still sound.
    if (file.st_size < wanted) (void)::fallocate(fd, 0, file.st_size, wanted - file.st_size);
}
}  // namespace

void commit(WriteTxn&& txn) {
    // LMDB frees the transaction even when the commit fails.
    MDB_txn* handle = txn.txn_;
    MDB_env* env = txn.environment();
    txn.txn_ = nullptr;
    check(FaultTrap::around_write([&] { return mdb_txn_commit(handle); }), marked("cannot commit"));
    lengthen(env);
}

// Both look up where the table begins.
Cursor::Cursor(const Transaction& txn, MDB_dbi db) {
    check(reading(txn.environment(), [&] { return mdb_cursor_open(txn.handle(), db, &cursor_); }), marked("cannot open a cursor"));
}

void Cursor::renew(const ReadTxn& txn) {
    check(reading(txn.environment(), [&] { return mdb_cursor_renew(txn.handle(), cursor_); }), marked("cannot renew a cursor"));
}

std::optional<Cursor::Item> Cursor::move(MDB_cursor_op op, ByteView key) {
    MDB_val k = val(key), v;
    int rc = reading(mdb_txn_env(mdb_cursor_txn(cursor_)), [&] { return mdb_cursor_get(cursor_, &k, &v, op); });
    if (rc == MDB_NOTFOUND) return std::nullopt;
    check(rc, marked("cannot read"));
    return Item{view(k), inside(v)};
}

Cursor::Around Cursor::around(ByteView key) {
    auto item = at_or_after(key);
    if (!item) return {last(), std::nullopt};
    if (item->key == key) return {item, std::nullopt};
    return {move(MDB_PREV, {}), item};
}

void Cursor::put(ByteView key, ByteView value, unsigned flags) {
    MDB_val k = val(key), v = val(value);
    check(FaultTrap::around_write([&] { return mdb_cursor_put(cursor_, &k, &v, flags); }), marked("cannot write"));
}

void Cursor::erase() { check(FaultTrap::around_write([&] { return mdb_cursor_del(cursor_, 0); }), marked("cannot delete")); }

}  // namespace saring::ledger::lmdb
