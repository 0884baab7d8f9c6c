// Opening the blocklist database: creation, schema, missing parts.
#include "ledger/database.h"

#include <filesystem>

#include "store_support.h"

namespace saring::test::database_test {
namespace {

// Alters tables of a database before it is opened again.
struct Closed {
    TempDir dir;
    config::Config config;

    Closed() {
        config.database.path = dir / "blocklist";
        config.database.map_size = 16 << 20;
        ledger::Database::open_to_write(config);
    }
    template <typename F>
    void alter(F work) {
        ledger::lmdb::Environment env(config.database.path, {false, 0, 512});
        ledger::lmdb::WriteTxn txn(env);
        work(txn);
        ledger::lmdb::commit(std::move(txn));
    }
    std::optional<ledger::lmdb::Failure> failure(bool to_write) {
        try {
            to_write ? ledger::Database::open_to_write(config) : ledger::Database::open(config);
        } catch (const ledger::lmdb::Failure& f) { return f; }
        return std::nullopt;
    }
};

void put_schema(ledger::lmdb::WriteTxn& txn, std::uint32_t version) {
    ByteWriter w;
    w.integer(version);
    txn.put(*txn.open_db("meta"), ledger::meta_key::schema, w.take());
}

}  // namespace

TEST_CASE("A new database is created with its folder and is empty") {
    Store store;
    CHECK(store.serial() == 0);
    CHECK(listing(store).empty());
    store.view([](const ledger::Snapshot& s) {
        CHECK(s.name_count() == 0);
        CHECK(s.address_count() == 0);
    });
}

TEST_CASE("A database keeps its content when it is opened again") {
    Closed c;
    {
        auto db = ledger::Database::open_to_write(c.config);
        ledger::Writer w(db);
        auto o = make_order("B-1", {"hoax.example"});
        w.apply(o, document_of(o), "ani", noon);
        w.commit({"test", "tester", "", noon});
    }
    {
        auto db = ledger::Database::open_to_write(c.config);
        ledger::lmdb::ReadTxn txn(db->environment());
        CHECK(ledger::Snapshot(txn, db->tables()).find_order("B-1"));
    }
    auto db = ledger::Database::open(c.config);
    ledger::lmdb::ReadTxn txn(db->environment());
    CHECK(ledger::Snapshot(txn, db->tables()).serial() == 1);
}

TEST_CASE("Opening a missing database for reading creates nothing") {
    TempDir dir;
    config::Config config;
    config.database.path = dir / "blocklist";
    require_error(ErrorKind::database, [&] { ledger::Database::open(config); }, {dir / "blocklist"});
    CHECK_FALSE(std::filesystem::exists(dir / "blocklist"));
}

TEST_CASE("A folder that cannot be created makes the database unavailable") {
    TempDir dir;
    config::Config config;
    config.database.path = dir / "absent/blocklist";
    require_error(ErrorKind::database, [&] { ledger::Database::open_to_write(config); },
                  {"cannot create", dir / "absent/blocklist"});
}

TEST_CASE("An environment without tables is an absent database") {
    TempDir dir;
    config::Config config;
    config.database.path = dir.path();
    { ledger::lmdb::Environment env(dir.path(), {false, 1 << 20, 16}); }
    require_error(ErrorKind::database, [&] { ledger::Database::open(config); }, {"is empty"});
}

TEST_CASE("Another schema is refused with both versions named to readers and writers") {
    for (std::uint32_t version : {0u, ledger::schema_version + 1, 999u}) {
        Closed c;
        c.alter([&](ledger::lmdb::WriteTxn& txn) { put_schema(txn, version); });
        for (bool to_write : {false, true}) {
            auto f = c.failure(to_write);
            REQUIRE(f);
            CHECK(f->fault() == ledger::lmdb::Fault::schema);
            CHECK_THAT(std::string(f->what()), Catch::Contains("schema " + std::to_string(version)));
            CHECK_THAT(std::string(f->what()), Catch::Contains("schema " + std::to_string(ledger::schema_version)));
        }
    }
}

TEST_CASE("A database without its schema version is corrupt") {
    Closed c;
    c.alter([](ledger::lmdb::WriteTxn& txn) { txn.erase(*txn.open_db("meta"), ledger::meta_key::schema); });
    auto f = c.failure(false);
    REQUIRE(f);
    CHECK(f->fault() == ledger::lmdb::Fault::corrupt);
}

TEST_CASE("A database that lacks a table is corrupt and the table is named") {
    Closed c;
    c.alter([](ledger::lmdb::WriteTxn& txn) { mdb_drop(txn.handle(), *txn.open_db("journal"), 1); });
    auto f = c.failure(false);
    REQUIRE(f);
    CHECK(f->fault() == ledger::lmdb::Fault::corrupt);
    CHECK_THAT(std::string(f->what()), Catch::Contains("journal"));
}

}  // namespace saring::test::database_test
