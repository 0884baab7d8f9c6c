// LMDB as RAII. Read and write transactions are distinct types: what only reads
// cannot be handed a write, and commit() consumes the writer. Codes are translated to
// Error(database) here and nowhere else. One Environment per path and process (LMDB's
// own rule). ReadTxn objects may move between threads, one user at a time.
#pragma once

#include <lmdb.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/standard_output.h"

namespace saring::ledger::lmdb {

// Absent, unusable and damaged are kept apart: each needs another hand.
enum class Fault { absent, unavailable, full, corrupt, schema };

class Failure : public Error {
public:
    Failure(Fault fault, Message what, Message why, Message remedy)
        : Error(ErrorKind::database, std::move(what), std::move(why), std::move(remedy)), fault_(fault) {}
    Fault fault() const { return fault_; }

private:
    Fault fault_;
};

[[noreturn]] void raise(int code, const Message& doing);
inline void check(int code, const char* doing) {
    if (code != MDB_SUCCESS) raise(code, msg(doing));
}

struct Options {
    bool read_only = true;
    std::size_t map_size = 0;    // bytes of address space; 0: as its last writer had it
    unsigned max_readers = 512;  // fixed by whoever creates the lock file
    bool single_file = false;    // the path is a backup's file, which nobody writes: no lock
    // A commit may be lost when the machine, not the process, fails right after it; the
    // database stays whole. For what is written all the time.
    bool relaxed = false;
};

class Environment {
public:
    Environment(const std::string& directory, const Options& options);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    MDB_env* handle() const { return env_; }
    const std::string& directory() const { return directory_; }
    // Into an open file, without free pages; LMDB's code, or 0.
    int copy_compacted(int fd) const;
    // What was committed before is durable afterwards, in a `relaxed` environment too.
    void flush() const { check(mdb_env_sync(env_, 1), marked("cannot flush")); }
    // Clears slots of readers that died; returns how many.
    int clear_stale_readers();

private:
    MDB_env* env_ = nullptr;
    std::string directory_;
};

// LMDB follows the pages that it finds: on a damaged file it may read where nothing is, or fail a check of its own and
// end the process. Where that happens `end` is called with the path of the database, perhaps in a signal handler, and
// must not return. Set once, by a program's main(); without it the process ends by the signal.
void end_on_damage(void (*end)(const char* path));

// What both kinds of transaction can do.
class Transaction {
public:
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    MDB_txn* handle() const { return txn_; }
    MDB_env* environment() const { return mdb_txn_env(txn_); }
    // Valid until the transaction ends or writes.
    std::optional<ByteView> get(MDB_dbi db, ByteView key) const;
    std::size_t entries(MDB_dbi db) const;
    // Of the pages that hold something of it; free ones, and those kept for old readers, are not among them.
    std::uint64_t used_bytes(MDB_dbi db) const;
    // Opens a named database; nothing when it does not exist and `create` is not set.
    std::optional<MDB_dbi> open_db(const char* name, bool create = false, unsigned flags = 0) const;

protected:
    explicit Transaction(MDB_txn* txn) : txn_(txn) {}
    ~Transaction() = default;
    MDB_stat stat(MDB_dbi db) const;
    MDB_txn* txn_;
};

class ReadTxn : public Transaction {
public:
    explicit ReadTxn(const Environment& env);
    ~ReadTxn() { mdb_txn_abort(txn_); }

    // Of the commit that it sees: the same id, the same content.
    std::size_t id() const { return mdb_txn_id(txn_); }
    // Ends it so that database handles opened in it stay open.
    void keep_handles();

private:
    standard_output::DeferredOutput nobody_waits_;  // for a reader while it is open
};

class WriteTxn : public Transaction {
public:
    // Waits for another writer to finish.
    explicit WriteTxn(const Environment& env);
    ~WriteTxn() {
        if (txn_) mdb_txn_abort(txn_);
    }
    void put(MDB_dbi db, ByteView key, ByteView value, unsigned flags = 0);
    bool erase(MDB_dbi db, ByteView key);                  // false when it was not there
    bool erase(MDB_dbi db, ByteView key, ByteView value);  // of several values of a key, one

    friend void commit(WriteTxn&& txn);
};

// Durable when it returns. After a failure nothing was written.
void commit(WriteTxn&& txn);

class Cursor {
public:
    Cursor(const Transaction& txn, MDB_dbi db);
    ~Cursor() { close(); }
    // LMDB frees a write transaction's cursors when it ends: close them before that.
    void close() {
        if (cursor_) mdb_cursor_close(cursor_);
        cursor_ = nullptr;
    }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    struct Item {
        ByteView key, value;
    };
    std::optional<Item> first() { return move(MDB_FIRST, {}); }
    std::optional<Item> last() { return move(MDB_LAST, {}); }
    std::optional<Item> next() { return move(MDB_NEXT, {}); }
    // With several values a key: the key's first value, its next one.
    std::optional<Item> at(ByteView key) { return move(MDB_SET_KEY, key); }
    std::optional<Item> next_value() { return move(MDB_NEXT_DUP, {}); }
    std::optional<Item> previous() { return move(MDB_PREV, {}); }
    std::optional<Item> at_or_after(ByteView key) { return move(MDB_SET_RANGE, key); }
    std::optional<Item> at_or_before(ByteView key) { return around(key).at_or_before; }
    // The neighbours of a key; `after` is left out when the key itself is there.
    struct Around {
        std::optional<Item> at_or_before, after;
    };
    Around around(ByteView key);
    void put(ByteView key, ByteView value, unsigned flags = 0);
    void erase();

    MDB_cursor* handle() const { return cursor_; }

private:
    std::optional<Item> move(MDB_cursor_op op, ByteView key);
    MDB_cursor* cursor_ = nullptr;
};

// Every named table, until `visit` (name, handle) says false.
template <typename F>
void each_table(const Transaction& txn, F visit) {
    Cursor names(txn, *txn.open_db(nullptr));
    for (auto name = names.first(); name; name = names.next())
        if (auto table = txn.open_db(std::string(name->key).c_str()); table && !visit(name->key, *table)) return;
}

}  // namespace saring::ledger::lmdb
