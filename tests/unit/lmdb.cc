// The LMDB wrappers: committed data persists, other data does not.
#include "ledger/lmdb.h"

#include <filesystem>

#include "support.h"

namespace saring::test::lmdb_test {
namespace {

struct Env {
    TempDir dir;
    ledger::lmdb::Environment env{dir.path(), {false, std::size_t{1} << 20, 16}};
    MDB_dbi table = [this] {
        ledger::lmdb::WriteTxn txn(env);
        auto db = *txn.open_db("t", true);
        ledger::lmdb::commit(std::move(txn));
        return db;
    }();

    void put(const Bytes& key, const Bytes& value) {
        ledger::lmdb::WriteTxn txn(env);
        txn.put(table, key, value);
        ledger::lmdb::commit(std::move(txn));
    }
    std::optional<Bytes> get(const Bytes& key) {
        ledger::lmdb::ReadTxn txn(env);
        auto v = txn.get(table, key);
        return v ? std::optional<Bytes>(*v) : std::nullopt;
    }
};

}  // namespace

TEST_CASE("A committed write is visible") {
    Env e;
    e.put("k", octets("v\0w"));
    CHECK(e.get("k") == octets("v\0w"));
    CHECK_FALSE(e.get("absent"));
}

TEST_CASE("An aborted write leaves nothing") {
    Env e;
    e.put("k", "old");
    {
        ledger::lmdb::WriteTxn txn(e.env);
        txn.put(e.table, "k", "new");
        txn.put(e.table, "k2", "new");
        txn.erase(e.table, "k");
    }
    CHECK(e.get("k") == "old");
    CHECK_FALSE(e.get("k2"));
}

TEST_CASE("A table created in an aborted write does not exist") {
    Env e;
    {
        ledger::lmdb::WriteTxn txn(e.env);
        txn.open_db("other", true);
    }
    ledger::lmdb::ReadTxn txn(e.env);
    CHECK_FALSE(txn.open_db("other"));
}

TEST_CASE("Erasing returns whether the key existed") {
    Env e;
    e.put("k", "v");
    ledger::lmdb::WriteTxn txn(e.env);
    CHECK(txn.erase(e.table, "k"));
    CHECK_FALSE(txn.erase(e.table, "k"));
}

TEST_CASE("A reader keeps its view while others write") {
    Env e;
    e.put("k", "old");
    ledger::lmdb::ReadTxn reader(e.env);
    ledger::lmdb::Cursor cursor(reader, e.table);
    e.put("k", "new");
    CHECK(reader.get(e.table, "k") == "old");
    CHECK(cursor.first()->value == "old");
}

TEST_CASE("A cursor finds the keys at or after and at or before a key") {
    Env e;
    for (const char* k : {"b", "d", "f"}) e.put(k, k);
    ledger::lmdb::ReadTxn txn(e.env);
    ledger::lmdb::Cursor c(txn, e.table);
    CHECK(c.at_or_before("d")->key == "d");
    CHECK(c.at_or_before("e")->key == "d");
    CHECK(c.at_or_before("z")->key == "f");
    CHECK_FALSE(c.at_or_before("a"));
    CHECK(c.at_or_before("b")->key == "b");
    CHECK(c.at_or_after("c")->key == "d");
    CHECK_FALSE(c.at_or_after("g"));
    CHECK(c.first()->key == "b");
    CHECK(c.next()->key == "d");
    CHECK(c.last()->key == "f");
    CHECK_FALSE(c.next());
}

TEST_CASE("A cursor finds nothing in an empty table") {
    Env e;
    ledger::lmdb::ReadTxn txn(e.env);
    ledger::lmdb::Cursor c(txn, e.table);
    CHECK_FALSE(c.first());
    CHECK_FALSE(c.last());
    CHECK_FALSE(c.at_or_before("a"));
    CHECK_FALSE(c.at_or_after("a"));
}

TEST_CASE("A cursor writes and erases at its position") {
    Env e;
    e.put("a", "1");
    e.put("b", "2");
    {
        ledger::lmdb::WriteTxn txn(e.env);
        {
            ledger::lmdb::Cursor c(txn, e.table);
            c.at_or_after("a");
            c.erase();
            c.put("c", "3");
        }
        ledger::lmdb::commit(std::move(txn));
    }
    CHECK_FALSE(e.get("a"));
    CHECK(e.get("b") == "2");
    CHECK(e.get("c") == "3");
}

TEST_CASE("Handles kept from a read stay open after it") {
    Env e;
    e.put("k", "v");
    MDB_dbi table;
    {
        ledger::lmdb::ReadTxn txn(e.env);
        table = *txn.open_db("t");
        txn.keep_handles();
        CHECK(txn.get(table, "k") == "v");
    }
    ledger::lmdb::ReadTxn again(e.env);
    CHECK(again.get(table, "k") == "v");
    CHECK(again.entries(table) == 1);
}

}  // namespace saring::test::lmdb_test
