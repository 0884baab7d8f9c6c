#include "ledger/lmdb.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace saring::ledger::lmdb {
namespace {

MDB_val val(ByteView v) { return {v.size(), const_cast<char*>(v.data())}; }
ByteView view(const MDB_val& v) { return {static_cast<const char*>(v.mv_data), v.mv_size}; }

constexpr unsigned max_named_databases = 16;

// Without a writable lock file LMDB cannot register readers, and the writer reuses pages that are being read.
void require_visible_readers(const std::string& lock) {
    if (::access(lock.c_str(), W_OK) != 0 && errno == EROFS)
        throw Failure(
            Fault::unavailable, lock, msg("is on a file system mounted read-only, where readers cannot register"),
            msg("make it writable, e.g. with ReadWritePaths= of the service; only data.mdb may be read-only"));
}

void (*damage_ends)(const char* path) = nullptr;

// The memory maps of open environments. A fault at an address in one of them is caused by a damaged database.
struct Map {
    std::atomic<const char*> begin{nullptr};
    std::atomic<std::size_t> size{0};
    std::atomic<const char*> path{nullptr};
};
std::array<Map, 8> maps;

// The file's address range in memory, which LMDB does not report.
std::pair<std::uintptr_t, std::uintptr_t> mapping_of(MDB_env* env) {
    struct ::stat file {};
    int fd = -1;
    if (mdb_env_get_fd(env, &fd) != 0 || ::fstat(fd, &file) != 0) return {};
    std::ifstream lines("/proc/self/maps");
    for (std::string line; std::getline(lines, line);) {
        std::uintptr_t begin = 0, end = 0;
        unsigned long inode = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %*s %*x %*s %lu", &begin, &end, &inode) == 3 && inode == file.st_ino)
            return {begin, end};
    }
    return {};
}

void enter_map(MDB_env* env) {
    auto [begin, end] = mapping_of(env);
    for (auto& map : maps) {
        const char* none = nullptr;
        if (!begin || !map.begin.compare_exchange_strong(none, reinterpret_cast<const char*>(begin))) continue;
        map.size = end - begin;
        const char* path = nullptr;
        if (mdb_env_get_path(env, &path) == 0) map.path = path;
        return;
    }
}

void leave_map(MDB_env* env) {
    auto begin = mapping_of(env).first;
    for (auto& map : maps)
        if (begin && map.begin == reinterpret_cast<const char*>(begin)) map.size = 0, map.begin = nullptr;
}

// Reads in progress, and the total number of reads: on a damaged page LMDB may loop forever.
std::atomic<unsigned> inside{0}, reading{0};
std::atomic<unsigned long> reads{0};

struct Inside {
    Inside() { ++inside; }
    ~Inside() { --inside; }
};
struct Reading : Inside {
    Reading() {
        ++reads;
        ++reading;
    }
    ~Reading() { --reading; }
};

// Timer handler, called after each half second of processor time, which is longer than any single read takes.
void detect_endless_read(int) {
    static unsigned long seen = 0;
    static unsigned stalled_ticks = 0;
    auto now = reads.load(std::memory_order_relaxed);
    stalled_ticks = reading.load(std::memory_order_relaxed) > 0 && now == seen ? stalled_ticks + 1 : 0;
    seen = now;
    if (stalled_ticks == 3) damage_ends(maps[0].path);
}

// The fault is LMDB's if it happens in LMDB or in its data: beyond the file's end, or at any address that a damaged
// page contains, except a null pointer's. Any other fault is a bug of our own.
void fault(int signal, siginfo_t* info, void*) {
    constexpr std::uintptr_t null_pointers = 65536;
    if (inside > 0) damage_ends(maps[0].path);
    if (signal != SIGABRT && maps[0].begin && reinterpret_cast<std::uintptr_t>(info->si_addr) >= null_pointers)
        damage_ends(maps[0].path);
    ::signal(signal, SIG_DFL);  // returning repeats the fault, with the default action
}

// LMDB aborts after this returns.
void assertion_failed(MDB_env* env, const char*) {
    const char* path = nullptr;
    mdb_env_get_path(env, &path);
    if (damage_ends) damage_ends(path);
}

// Refuses a pipe, at which LMDB would block, and a device, which it would read without end.
void require_regular(const std::string& path) {
    struct ::stat file {};
    if (::stat(path.c_str(), &file) != 0 || S_ISREG(file.st_mode) || S_ISDIR(file.st_mode))
        return;  // it does not exist yet, or LMDB reports the error
    throw Failure(Fault::unavailable, path, msg("is not a regular file"),
                  msg("put the database's file there, e.g. from a backup"));
}

// LMDB divides by the page size stored in the file's first two pages, at this offset; a damaged 0 would kill the
// process.
void require_page_size(const std::string& data) {
    constexpr off_t page_size_at = 40;
    constexpr std::uint32_t smallest = 512, largest = 65536;
    int fd = ::open(data.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;  // it does not exist yet, or LMDB reports the error
    std::uint32_t first = 0, second = 0;
    bool there = ::pread(fd, &first, sizeof first, page_size_at) == sizeof first;
    bool good = !there || (first >= smallest && first <= largest && (first & (first - 1)) == 0);
    if (there && good && ::pread(fd, &second, sizeof second, page_size_at + static_cast<off_t>(first)) == sizeof second)
        good = first == second;
    ::close(fd);
    if (!good)
        throw Failure(Fault::corrupt, msg("database"),
                      msg("%1: its first pages are damaged, or it is not an LMDB file", data),
                      msg("restore a backup or sync again into a new database"));
}

// A child process does not inherit it.
void start_detecting_endless_reads() {
    constexpr itimerval half_second{{0, 500000}, {0, 500000}};
    ::setitimer(ITIMER_VIRTUAL, &half_second, nullptr);
}

}  // namespace

void end_on_damage(void (*end)(const char* path)) {
    damage_ends = end;
    struct sigaction action {};
    action.sa_sigaction = fault;
    action.sa_flags = SA_SIGINFO;
    for (int signal : {SIGSEGV, SIGBUS, SIGABRT}) ::sigaction(signal, &action, nullptr);
    action = {};
    action.sa_handler = detect_endless_read;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGVTALRM, &action, nullptr);
    start_detecting_endless_reads();
}

bool survives(const std::function<void()>& read) {
    pid_t child = ::fork();
    if (child == 0) {
        int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nowhere, STDERR_FILENO);
        if (damage_ends) start_detecting_endless_reads();
        try {
            read();
        } catch (const std::exception&) {  // the parent gets the same error
        }
        ::_exit(0);
    }
    int status = 0;
    return child < 0 || ::waitpid(child, &status, 0) != child || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void raise(int code, const Message& doing) {
    Message why = doing + ": " + mdb_strerror(code);
    switch (code) {
        case ENOENT: throw Failure(Fault::absent, msg("database"), why, msg("create it with: blocklist-tool db init"));
        case MDB_MAP_FULL:
            throw Failure(Fault::full, msg("database"), why, msg("raise database.map_size_mib; nothing was written"));
        case ENOSPC: throw Failure(Fault::full, msg("database"), why, msg("free disk space; nothing was written"));
        case MDB_MAP_RESIZED:
            throw Failure(Fault::unavailable, msg("database"), msg("%1: it has grown beyond the map", doing),
                          msg("run the command again"));
        case MDB_READERS_FULL:
            throw Failure(Fault::unavailable, msg("database"), why,
                          msg("raise database.max_readers and stop every user of it once"));
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
        case MDB_PANIC:
        case MDB_BAD_TXN:  // after one of the others
        case MDB_INVALID:
            throw Failure(Fault::corrupt, msg("database"), why,
                          msg("restore a backup or sync again into a new database"));
        case MDB_VERSION_MISMATCH:
            throw Failure(Fault::schema, msg("database"), why, msg("it was made by another LMDB version"));
        default:
            throw Failure(Fault::unavailable, msg("database"), why,
                          msg("check the path, its permissions and who else uses it"));
    }
}

namespace {
// Removes a file of which not even the first two pages could be written (a full disk, say), so that the next run starts
// afresh. A file with both pages is kept.
void remove_unfinished(const std::string& data) {
    struct ::stat file {};
    if (::stat(data.c_str(), &file) == 0 && file.st_size < 2 * ::sysconf(_SC_PAGESIZE)) ::unlink(data.c_str());
}
}  // namespace

namespace {
// Sets the modes of the two files just created. Group members who may read the data may write the lock file, in which
// readers register; only the owner may write the data. No other user may open the lock file, since its holder blocks
// the writer.
void share_with_readers(const std::string& data, const std::string& lock) {
    struct ::stat file {};
    if (::stat(data.c_str(), &file) != 0 || file.st_uid != ::geteuid()) return;
    mode_t readers = file.st_mode & S_IRGRP ? S_IRGRP | S_IWGRP : 0;
    if (::chmod(data.c_str(), file.st_mode & 07777 & ~static_cast<mode_t>(S_IWGRP | S_IWOTH)) == 0)
        (void)!::chmod(lock.c_str(), S_IRUSR | S_IWUSR | readers);
}
}  // namespace

Environment::Environment(const std::string& directory, const Options& options) : directory_(directory) {
    std::string data = options.single_file ? std::filesystem::absolute(directory).string() : directory + "/data.mdb";
    std::string locks = options.single_file ? data + "-lock" : directory + "/lock.mdb";
    for (const auto& file : {data, locks}) require_regular(file);
    require_page_size(data);
    check(mdb_env_create(&env_), marked("cannot set up"));
    bool creates = !options.read_only && !options.single_file && ::access(data.c_str(), F_OK) != 0;
    int rc = mdb_env_set_maxdbs(env_, max_named_databases);
    if (rc == 0 && options.map_size) rc = mdb_env_set_mapsize(env_, options.map_size);
    if (rc == 0) rc = mdb_env_set_maxreaders(env_, options.max_readers);
    if (rc == 0) rc = mdb_env_set_assert(env_, assertion_failed);
    // NOTLS: a read transaction belongs to an object, not a thread.
    unsigned flags = MDB_NOTLS | (options.read_only ? MDB_RDONLY : 0u) |
                     (options.single_file ? MDB_NOSUBDIR | MDB_NOLOCK : 0u) | (options.relaxed ? MDB_NOMETASYNC : 0u);
    if (rc == 0) rc = mdb_env_open(env_, directory.c_str(), flags, 0664);
    if (rc != 0) {
        mdb_env_close(env_);
        if (creates) remove_unfinished(data);
        raise(rc, msg("cannot open %1", directory));
    }
    if (creates) share_with_readers(data, locks);
    enter_map(env_);
    try {
        if (!options.single_file) require_visible_readers(locks);
    } catch (const Failure&) {
        leave_map(env_);
        mdb_env_close(env_);
        throw;
    }
}

Environment::~Environment() {
    leave_map(env_);
    mdb_env_close(env_);
}

int Environment::copy_compacted(int fd) const {
    Inside copying;
    return mdb_env_copyfd2(env_, fd, MDB_CP_COMPACT);
}

int Environment::clear_stale_readers() {
    int dead = 0;
    check(mdb_reader_check(env_, &dead), marked("cannot check readers"));
    return dead;
}

std::optional<ByteView> Transaction::get(MDB_dbi db, ByteView key) const {
    Reading guard;
    MDB_val k = val(key), v;
    int rc = mdb_get(txn_, db, &k, &v);
    if (rc == MDB_NOTFOUND) return std::nullopt;
    check(rc, marked("cannot read"));
    return view(v);
}

MDB_stat Transaction::stat(MDB_dbi db) const {
    Reading guard;
    MDB_stat out;
    check(mdb_stat(txn_, db, &out), marked("cannot read"));
    return out;
}

std::size_t Transaction::entries(MDB_dbi db) const { return stat(db).ms_entries; }

std::uint64_t Transaction::used_bytes(MDB_dbi db) const {
    auto s = stat(db);
    return std::uint64_t{s.ms_branch_pages + s.ms_leaf_pages + s.ms_overflow_pages} * s.ms_psize;
}

std::optional<MDB_dbi> Transaction::open_db(const char* name, bool create, unsigned flags) const {
    Reading guard;
    MDB_dbi db;
    int rc = mdb_dbi_open(txn_, name, flags | (create ? MDB_CREATE : 0u), &db);
    if (rc == MDB_NOTFOUND) return std::nullopt;
    check(rc, marked("cannot open"));
    return db;
}

namespace {
MDB_txn* begin(const Environment& env, unsigned flags, const char* doing) {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env.handle(), nullptr, flags, &txn), doing);
    return txn;
}
}  // namespace

ReadTxn::ReadTxn(const Environment& env) : Transaction(begin(env, MDB_RDONLY, marked("cannot begin reading"))) {}

void ReadTxn::keep_handles() {
    MDB_txn* txn = txn_;
    MDB_env* env = mdb_txn_env(txn);
    check(mdb_txn_commit(txn), marked("cannot keep handles"));
    txn_ = nullptr;
    check(mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn_), marked("cannot begin reading"));
}

WriteTxn::WriteTxn(const Environment& env) : Transaction(begin(env, 0, marked("cannot begin writing"))) {}

void WriteTxn::put(MDB_dbi db, ByteView key, ByteView value, unsigned flags) {
    Reading guard;
    MDB_val k = val(key), v = val(value);
    check(mdb_put(txn_, db, &k, &v, flags), marked("cannot write"));
}

bool WriteTxn::erase(MDB_dbi db, ByteView key) {
    Reading guard;
    MDB_val k = val(key);
    int rc = mdb_del(txn_, db, &k, nullptr);
    if (rc == MDB_NOTFOUND) return false;
    check(rc, marked("cannot delete"));
    return true;
}

bool WriteTxn::erase(MDB_dbi db, ByteView key, ByteView value) {
    MDB_val k = val(key), v = val(value);
    int rc = mdb_del(txn_, db, &k, &v);
    if (rc == MDB_NOTFOUND) return false;
    check(rc, marked("cannot delete"));
    return true;
}

void commit(WriteTxn&& txn) {
    // LMDB frees the transaction even when the commit fails.
    MDB_txn* handle = txn.txn_;
    txn.txn_ = nullptr;
    Inside guard;
    check(mdb_txn_commit(handle), marked("cannot commit"));
}

Cursor::Cursor(const Transaction& txn, MDB_dbi db) {
    check(mdb_cursor_open(txn.handle(), db, &cursor_), marked("cannot open a cursor"));
}

std::optional<Cursor::Item> Cursor::move(MDB_cursor_op op, ByteView key) {
    Reading guard;
    MDB_val k = val(key), v;
    int rc = mdb_cursor_get(cursor_, &k, &v, op);
    if (rc == MDB_NOTFOUND) return std::nullopt;
    check(rc, marked("cannot read"));
    return Item{view(k), view(v)};
}

Cursor::Around Cursor::around(ByteView key) {
    auto item = at_or_after(key);
    if (!item) return {last(), std::nullopt};
    if (item->key == key) return {item, std::nullopt};
    return {move(MDB_PREV, {}), item};
}

void Cursor::put(ByteView key, ByteView value, unsigned flags) {
    MDB_val k = val(key), v = val(value);
    check(mdb_cursor_put(cursor_, &k, &v, flags), marked("cannot write"));
}

void Cursor::erase() { check(mdb_cursor_del(cursor_, 0), marked("cannot delete")); }

}  // namespace saring::ledger::lmdb
