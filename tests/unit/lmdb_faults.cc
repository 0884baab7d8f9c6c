// Faults of a database. They are distinguished because each needs another remedy.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "store_support.h"

namespace saring::test::lmdb_faults_test {
namespace {

std::optional<ledger::lmdb::Failure> failure_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const ledger::lmdb::Failure& f) { return f; }
    return std::nullopt;
}

void require_fault(ledger::lmdb::Fault fault, const std::function<void()>& action, const std::string& fragment = "") {
    auto f = failure_of(action);
    REQUIRE(f);
    INFO(f->what());
    CHECK(static_cast<int>(f->fault()) == static_cast<int>(fault));
    CHECK(f->kind() == ErrorKind::database);
    CHECK_THAT(std::string(f->what()), Catch::Contains(fragment));
}

}  // namespace

TEST_CASE("A missing folder is an absent database") {
    TempDir dir;
    require_fault(
        ledger::lmdb::Fault::absent, [&] { ledger::lmdb::Environment(dir / "absent", {}); }, dir / "absent");
}

TEST_CASE("An empty folder is an absent database to a reader") {
    TempDir dir;
    require_fault(ledger::lmdb::Fault::absent, [&] { ledger::lmdb::Environment(dir.path(), {}); });
}

TEST_CASE("A file that is not a database is a corrupt one") {
    TempDir dir;
    write_file(dir / "data.mdb", Bytes(100000, 'x'));
    require_fault(ledger::lmdb::Fault::corrupt, [&] { ledger::lmdb::Environment(dir.path(), {}); });
}

TEST_CASE("A database whose first pages were not written completely is created again") {
    TempDir dir;
    struct rlimit old {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
    auto former = ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small {
        4096, old.rlim_max
    };  // the lock file and half of LMDB's first two pages
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    auto failed = failure_of([&] { ledger::lmdb::Environment(dir.path(), {false, 1 << 20, 16}); });
    ::setrlimit(RLIMIT_FSIZE, &old);
    ::signal(SIGXFSZ, former);
    REQUIRE(failed);
    ledger::lmdb::Environment env(dir.path(), {false, 1 << 20, 16});
    ledger::lmdb::WriteTxn txn(env);
    CHECK(txn.open_db("meta", true));
}

TEST_CASE("A file of one page is a corrupt database, not an empty one, also to a writer") {
    TempDir dir;
    { ledger::lmdb::Environment create(dir.path(), {false, 1 << 20, 16}); }
    REQUIRE(::truncate((dir / "data.mdb").c_str(), 4096) == 0);
    require_fault(ledger::lmdb::Fault::corrupt, [&] { ledger::lmdb::Environment(dir.path(), {false, 1 << 20, 16}); });
}

TEST_CASE("A file in place of the folder makes the database unavailable") {
    TempDir dir;
    write_file(dir / "f", "x");
    require_fault(ledger::lmdb::Fault::unavailable, [&] { ledger::lmdb::Environment(dir / "f", {}); });
}

TEST_CASE("A write to an environment opened for reading is refused") {
    TempDir dir;
    { ledger::lmdb::Environment create(dir.path(), {false, 1 << 20, 16}); }
    ledger::lmdb::Environment env(dir.path(), {true, 0, 16});
    require_fault(ledger::lmdb::Fault::unavailable, [&] { ledger::lmdb::WriteTxn txn(env); });
}

TEST_CASE("A key that LMDB does not accept is an error, not a crash") {
    TempDir dir;
    ledger::lmdb::Environment env(dir.path(), {false, 1 << 20, 16});
    ledger::lmdb::WriteTxn txn(env);
    auto db = *txn.open_db("t", true);
    require_fault(ledger::lmdb::Fault::unavailable, [&] { txn.put(db, "", "v"); });
    require_fault(ledger::lmdb::Fault::unavailable, [&] { txn.put(db, Bytes(512, 'k'), "v"); });
    CHECK_NOTHROW(txn.put(db, Bytes(511, 'k'), "v"));
}

TEST_CASE("A full map leaves the database unchanged and names the option to raise") {
    Store store(std::size_t{512} << 10);
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = dump(store);
    std::vector<std::string> many;
    for (int i = 0; i < 20000; ++i) many.push_back("hoax-" + std::to_string(i) + ".example");
    require_fault(
        ledger::lmdb::Fault::full, [&] { store.apply(make_order("B-2", many)); }, "database.map_size_mib");
    CHECK((dump(store) == before));
}

TEST_CASE("A full map during a list import leaves the database unchanged") {
    Store store(std::size_t{512} << 10);
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = dump(store);
    std::vector<std::string> many;
    for (int i = 0; i < 30000; ++i) many.push_back("hoax-" + std::to_string(i) + ".example");
    require_fault(ledger::lmdb::Fault::full, [&] {
        store.write([&](ledger::Writer& w) { w.replace_list(list_info("big"), names_of(many), noon); });
    });
    CHECK((dump(store) == before));
}

TEST_CASE("A database can be written to after its map was full") {
    Store store(std::size_t{512} << 10);
    std::vector<std::string> many;
    for (int i = 0; i < 20000; ++i) many.push_back("hoax-" + std::to_string(i) + ".example");
    REQUIRE(failure_of([&] { store.apply(make_order("B-1", many)); }));
    CHECK(store.apply(make_order("B-1", {"hoax.example"})) == ledger::Applied::applied);
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
}

TEST_CASE("Too many readers are refused with the option to raise") {
    TempDir dir;
    ledger::lmdb::Environment env(dir.path(), {false, 1 << 20, 8});
    std::vector<std::unique_ptr<ledger::lmdb::ReadTxn>> readers;
    require_fault(
        ledger::lmdb::Fault::unavailable,
        [&] {
            for (int i = 0; i < 200; ++i) readers.push_back(std::make_unique<ledger::lmdb::ReadTxn>(env));
        },
        "database.max_readers");
}

}  // namespace saring::test::lmdb_faults_test
