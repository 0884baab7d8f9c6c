// RAII wrappers of LMDB. Read and write transactions are distinct types, so a reader cannot write, and commit()
// consumes the writer. LMDB's codes become Error(database) only here. One Environment per path and process (LMDB's
// rule). A ReadTxn may move between threads, but only one at a time may use it.
#pragma once

#include <lmdb.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/standard_output.h"

namespace saring::ledger::lmdb {

// Absent, lost, unusable and damaged databases need different remedies.
enum class Fault { absent, lost, unavailable, full, corrupt, schema };

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
    std::size_t map_size = 0;    // bytes of address space; 0: as the last writer set it
    unsigned max_readers = 512;  // set by the process that creates the lock file
    bool single_file = false;    // the path is a backup's file, which is never written: no lock
    // Commits without fsync: a failure of the machine, not of the process, may lose the last commits; the database
    // stays consistent. For data that is written continuously.
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
    // Copies to an open file, without free pages. Returns 0 or LMDB's code.
    int copy_compacted(int fd) const;
    // Makes all commits durable, also in a `relaxed` environment.
    void flush() const { check(mdb_env_sync(env_, 1), marked("cannot flush")); }
    // Clears the slots of readers that died; returns their number.
    int clear_stale_readers();

private:
    MDB_env* env_ = nullptr;
    std::string directory_;
};

// On a damaged file LMDB may access unmapped memory, or abort on a failed assertion. In that case `end` is called with
// the path of the database, possibly in a signal handler, and must not return. Set it once, in main(); without it the
// process dies of the signal.
void end_on_damage(void (*end)(const char* path));

// Whether `read` ends without ending the process: tried in a child process, with its errors discarded. For a report
// that must go on. No environment that `read` uses may be open already.
bool survives(const std::function<void()>& read);

// Common to both kinds of transaction.
class Transaction {
public:
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    MDB_txn* handle() const { return txn_; }
    MDB_env* environment() const { return mdb_txn_env(txn_); }
    // Valid until the transaction ends or writes.
    std::optional<ByteView> get(MDB_dbi db, ByteView key) const;
    std::size_t entries(MDB_dbi db) const;
    // Bytes of the pages with data; excludes free pages and pages kept for old readers.
    std::uint64_t used_bytes(MDB_dbi db) const;
    // Opens a named table; nothing when it does not exist and `create` is false.
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

    // Identifies the commit that it sees: the same id means the same content.
    std::size_t id() const { return mdb_txn_id(txn_); }
    // Ends the transaction so that table handles opened in it stay open.
    void keep_handles();

private:
    standard_output::DeferredOutput nobody_waits_;  // holds output while the transaction is open
};

class WriteTxn : public Transaction {
public:
    // Blocks until another writer has finished.
    explicit WriteTxn(const Environment& env);
    ~WriteTxn() {
        if (txn_) mdb_txn_abort(txn_);
    }
    void put(MDB_dbi db, ByteView key, ByteView value, unsigned flags = 0);
    bool erase(MDB_dbi db, ByteView key);                  // false when there was no such key
    bool erase(MDB_dbi db, ByteView key, ByteView value);  // one of several values of a key

    friend void commit(WriteTxn&& txn);
};

// The transaction is durable when this returns. After an exception nothing was written.
void commit(WriteTxn&& txn);

class Cursor {
public:
    Cursor(const Transaction& txn, MDB_dbi db);
    ~Cursor() { close(); }
    // LMDB frees a write transaction's cursors when it ends; call close() before that.
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
    // For tables with several values a key: its first value, the next one.
    std::optional<Item> at(ByteView key) { return move(MDB_SET_KEY, key); }
    std::optional<Item> next_value() { return move(MDB_NEXT_DUP, {}); }
    std::optional<Item> previous() { return move(MDB_PREV, {}); }
    std::optional<Item> at_or_after(ByteView key) { return move(MDB_SET_RANGE, key); }
    std::optional<Item> at_or_before(ByteView key) { return around(key).at_or_before; }
    // The neighbours of a key; `after` is not set when the key itself exists.
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

// Visits every named table, until `visit` (name, handle) returns false.
template <typename F>
void each_table(const Transaction& txn, F visit) {
    Cursor names(txn, *txn.open_db(nullptr));
    for (auto name = names.first(); name; name = names.next())
        if (auto table = txn.open_db(std::string(name->key).c_str()); table && !visit(name->key, *table)) return;
}

}  // namespace saring::ledger::lmdb
