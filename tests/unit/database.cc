// Opening the blocklist: creation, schema, what is missing.
#include "store/database.h"

#include <filesystem>

#include "store_support.h"

namespace saring::test {
namespace {

// A database with something altered in its tables before it is opened again.
struct Closed {
    TempDir dir;
    Config config;

    Closed() {
        config.database.path = dir / "blocklist";
        config.database.map_size = 16 << 20;
        Database::open_to_write(config);
    }
    template <typename F>
    void alter(F work) {
        lmdb::Environment env(config.database.path, {false, 0, 512});
        lmdb::WriteTxn txn(env);
        work(txn);
        lmdb::commit(std::move(txn));
    }
    std::optional<lmdb::Failure> failure(bool to_write) {
        try {
            to_write ? Database::open_to_write(config) : Database::open(config);
        } catch (const lmdb::Failure& f) {
            return f;
        }
        return std::nullopt;
    }
};

void put_schema(lmdb::WriteTxn& txn, std::uint32_t version) {
    ByteWriter w;
    w.integer(version);
    txn.put(*txn.open_db("meta"), meta_key::schema, w.take());
}

}  // namespace

TEST_CASE("A new database is created with its folder and is empty") {
    Store store;
    CHECK(store.serial() == 0);
    CHECK(listing(store).empty());
    store.view([](const Snapshot& s) {
        CHECK(s.name_count() == 0);
        CHECK(s.address_count() == 0);
    });
}

TEST_CASE("A database is there with its content when opened again") {
    Closed c;
    {
        auto db = Database::open_to_write(c.config);
        Writer w(db);
        auto o = make_order("B-1", {"hoax.example"});
        w.apply(o, document_of(o), "ani", noon);
        w.commit({"test", "tester", "", noon});
    }
    {
        auto db = Database::open_to_write(c.config);
        lmdb::ReadTxn txn(db->environment());
        CHECK(Snapshot(txn, db->tables()).find_order("B-1"));
    }
    auto db = Database::open(c.config);
    lmdb::ReadTxn txn(db->environment());
    CHECK(Snapshot(txn, db->tables()).serial() == 1);
}

TEST_CASE("Reading a database that is not there creates nothing") {
    TempDir dir;
    Config config;
    config.database.path = dir / "blocklist";
    require_error(ErrorKind::database, [&] { Database::open(config); }, {dir / "blocklist"});
    CHECK_FALSE(std::filesystem::exists(dir / "blocklist"));
}

TEST_CASE("A folder that cannot be created makes the database unavailable") {
    TempDir dir;
    Config config;
    config.database.path = dir / "absent/blocklist";
    require_error(ErrorKind::database, [&] { Database::open_to_write(config); }, {"cannot create", dir / "absent/blocklist"});
}

TEST_CASE("An environment without tables is an absent database") {
    TempDir dir;
    Config config;
    config.database.path = dir.path();
    { lmdb::Environment env(dir.path(), {false, 1 << 20, 16}); }
    require_error(ErrorKind::database, [&] { Database::open(config); }, {"is empty"});
}

TEST_CASE("Another schema is refused with both versions named to readers and writers") {
    for (std::uint32_t version : {0u, schema_version + 1, 999u}) {
        Closed c;
        c.alter([&](lmdb::WriteTxn& txn) { put_schema(txn, version); });
        for (bool to_write : {false, true}) {
            auto f = c.failure(to_write);
            REQUIRE(f);
            CHECK(f->fault() == lmdb::Fault::schema);
            CHECK_THAT(std::string(f->what()), Catch::Contains("schema " + std::to_string(version)));
            CHECK_THAT(std::string(f->what()), Catch::Contains("schema " + std::to_string(schema_version)));
        }
    }
}

TEST_CASE("A database without its schema version is corrupt") {
    Closed c;
    c.alter([](lmdb::WriteTxn& txn) { txn.erase(*txn.open_db("meta"), meta_key::schema); });
    auto f = c.failure(false);
    REQUIRE(f);
    CHECK(f->fault() == lmdb::Fault::corrupt);
}

TEST_CASE("A database that lacks a table is corrupt and the table is named") {
    Closed c;
    c.alter([](lmdb::WriteTxn& txn) { mdb_drop(txn.handle(), *txn.open_db("journal"), 1); });
    auto f = c.failure(false);
    REQUIRE(f);
    CHECK(f->fault() == lmdb::Fault::corrupt);
    CHECK_THAT(std::string(f->what()), Catch::Contains("journal"));
}

}  // namespace saring::test
