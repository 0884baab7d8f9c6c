// A page that would be searched without end: found out, and told like any other damage.
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>

#include "base/file.h"
#include "ledger/fault_trap.h"
#include "store_support.h"

namespace saring::test::lmdb_endless_test {
namespace {

constexpr std::size_t page_size = 4096, lower_at = 12;  // lmdb's MDB_page: number, pad, flags, lower

// With a small map the search soon leaves it, and is a fault.
constexpr std::size_t large_map = std::size_t{16} << 30;

// A database "t" with these keys, on whose page the header claims to be smaller than it is.
[[maybe_unused]] void damage_header(const std::string& dir, const std::vector<std::string>& keys) {
    {
        ledger::lmdb::Environment env(dir, {false, large_map, 16});
        ledger::lmdb::WriteTxn txn(env);
        auto db = *txn.open_db("t", true);
        for (const auto& key : keys) txn.put(db, key, "v");
        ledger::lmdb::commit(std::move(txn));
    }
    Bytes file = read_file(dir + "/data.mdb", 1 << 20);
    auto at = file.find(keys.front());
    REQUIRE(at != Bytes::npos);
    std::memset(file.data() + at / page_size * page_size + lower_at, 0, 2);
    write_file(dir + "/data.mdb", file);
}

[[maybe_unused]] std::string why_not(const std::function<void()>& read) {
    try {
        read();
    } catch (const ledger::lmdb::Failure& f) {
        CHECK(f.fault() == ledger::lmdb::Fault::corrupt);
        return f.what();
    }
    return "it was read";
}

// Within FaultTrap, by a thread that is watched.
int trapped(int (*call)()) {
    TempDir dir;
    ledger::lmdb::Environment env(dir.path(), {false, 1 << 20, 16});  // what installs the trap
    int rc = 0;
    std::thread([&] {
        ledger::MapGuard::cover_this_thread();
        rc = ledger::FaultTrap::in(call, 1, 2);
    }).join();
    return rc;
}

}  // namespace

// ThreadSanitizer keeps a signal from the handler until the thread calls the C library, which a
// thread in such a search never does.
#ifndef __SANITIZE_THREAD__
TEST_CASE("A search without end is left, and the database is one that is corrupt") {
    TempDir dir;
    damage_header(dir.path(), {"key.found.nowhere.else", "m", "q"});
    ledger::lmdb::Environment env(dir.path(), {true, 0, 16});
    ledger::lmdb::ReadTxn txn(env);
    auto db = *txn.open_db("t");
    CHECK_THAT(why_not([&] { txn.get(db, "n"); }), Catch::Contains("without end"));

    // Nobody tries again before there is a reason: each time would take a while.
    CHECK_THAT(why_not([&] { env.require_whole(); }), Catch::Contains("without end"));
    CHECK_THAT(why_not([&] { ledger::lmdb::ReadTxn another(env); }), Catch::Contains("without end"));
    env.try_again();
    // It went beyond the file's end as well, which is for good.
    CHECK_THAT(why_not([&] { env.require_whole(); }), Catch::Contains("cut short"));
    ledger::lmdb::Cursor cursor(txn, db);
    CHECK_THAT(why_not([&] { cursor.at_or_after("n"); }), Catch::Contains("without end"));
    CHECK_THAT(why_not([&] { env.require_whole(); }), Catch::Contains("without end"));
}

TEST_CASE("A call that does not end is left, again and again") {
    for (int again = 0; again < 3; ++again)
        CHECK(trapped([] {
                  std::atomic<std::uint64_t> turns{0};
                  while (turns.fetch_add(1) < ~std::uint64_t{0}) {
                  }
                  return 0;
              }) == 2);
}
#endif

TEST_CASE("A call that waits, as for a disk, is not taken for one that does not end") {
    CHECK(trapped([] {
              std::this_thread::sleep_for(4 * (ledger::CallWatch::look_every + ledger::CallWatch::longest_call));
              return 0;
          }) == 0);
}

TEST_CASE("Calls that are many, and each of them short, are not taken for one that does not end") {
    TempDir dir;
    ledger::lmdb::Environment env(dir.path(), {false, 1 << 20, 16});
    int bad = 0;
    std::thread([&] {
        ledger::MapGuard::cover_this_thread();
        auto end = std::chrono::steady_clock::now() + 4 * (ledger::CallWatch::look_every + ledger::CallWatch::longest_call);
        while (std::chrono::steady_clock::now() < end) bad += ledger::FaultTrap::in([] { return 0; }, 1, 1);
    }).join();
    CHECK(bad == 0);
}

TEST_CASE("A thread that has ended leaves its place to another") {
    TempDir dir;
    ledger::lmdb::Environment env(dir.path(), {false, 1 << 20, 16});
    for (int i = 0; i < 2000; ++i) {
        ledger::CallWatch::Place* place = nullptr;
        std::thread([&] { place = ledger::CallWatch::watch_this_thread(); }).join();
        if (!place) std::this_thread::sleep_for(2 * ledger::CallWatch::look_every);  // all taken, until it looks
    }
    ledger::CallWatch::Place* place = nullptr;
    std::thread([&] { place = ledger::CallWatch::watch_this_thread(); }).join();
    CHECK(place);
}

}  // namespace saring::test::lmdb_endless_test
