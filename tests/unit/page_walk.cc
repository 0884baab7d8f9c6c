// The walk over a file's pages: no false alarm on what LMDB wrote, and no page of ruin that is missed.
#include "ledger/page_walk.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <set>
#include <thread>

#include "base/file.h"
#include "ledger/page_layout.h"
#include "support.h"

namespace saring::test::page_walk_test {
namespace {

constexpr std::size_t page_size = 4096, map_size = std::size_t{64} << 20;

ledger::lmdb::Options writable(std::size_t map = map_size) { return {false, map, 64}; }

struct Tables {
    explicit Tables(ledger::lmdb::WriteTxn& txn)
        : plain(*txn.open_db("plain", true)), several(*txn.open_db("several", true, MDB_DUPSORT | MDB_DUPFIXED)), empty(*txn.open_db("empty", true)) {}
    MDB_dbi plain, several, empty;
};

Bytes random_key(Random& random) {
    Bytes key("k" + std::to_string(random.below(3000)));
    return key.append(random.below(200), 'x');
}

// Keys short and long, values from none to many pages, several values a key in pages within nodes and in trees of their own.
void change(ledger::lmdb::Environment& env, Random& random, std::size_t writes) {
    ledger::lmdb::WriteTxn txn(env);
    Tables t(txn);
    for (std::size_t i = 0; i < writes; ++i) {
        if (random.one_in(3))
            txn.erase(t.plain, random_key(random));
        else
            txn.put(t.plain, random_key(random), Bytes(random.one_in(10) ? random.below(5 * page_size) : random.below(60), 'v'));
        Bytes owner = "o" + std::to_string(random.below(random.one_in(2) ? 3 : 400)), value = be64(random.below(2000));
        if (random.one_in(3))
            txn.erase(t.several, owner, value);
        else
            txn.put(t.several, owner, value);
    }
    ledger::lmdb::commit(std::move(txn));
}

Bytes filled(const TempDir& dir, int rounds = 6) {
    ledger::lmdb::Environment env(dir.path(), writable());
    Random random(5);
    for (int i = 0; i < rounds; ++i) change(env, random, 700);
    return read_file(dir.path() + "/data.mdb", map_size);
}

std::optional<Message> found_in(const TempDir& dir) {
    ledger::lmdb::Environment env(dir.path(), writable());
    return ledger::lmdb::damaged_page(env);
}

// What writing to it comes to, in a process of its own: false when a signal ended that.
bool can_be_written(const TempDir& dir, std::uint32_t seed) {
    std::fflush(nullptr);
    pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (!std::freopen("/dev/null", "w", stderr)) ::_exit(1);
        ::alarm(20);  // a search without end
        try {
            ledger::lmdb::Environment env(dir.path(), writable());
            Random random(seed);
            for (int i = 0; i < 3; ++i) change(env, random, 300);
        } catch (const Error&) {
        }
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status);
}

}  // namespace

TEST_CASE("The pages of a new file are sound") {
    TempDir dir;
    CHECK_FALSE(found_in(dir));
}

TEST_CASE("The pages are sound whatever was written and removed") {
    TempDir dir;
    ledger::lmdb::Environment env(dir.path(), writable());
    Random random(1);
    for (int i = 0; i < 60; ++i) {
        change(env, random, 1 + random.below(400));
        auto wrong = ledger::lmdb::damaged_page(env);
        INFO((wrong ? wrong->english() : ""));
        REQUIRE_FALSE(wrong);
    }
}

TEST_CASE("A file in which everything was removed again is sound") {
    TempDir dir;
    filled(dir);
    ledger::lmdb::Environment env(dir.path(), writable());
    ledger::lmdb::WriteTxn txn(env);
    Tables t(txn);
    for (auto db : {t.plain, t.several})
        for (ledger::lmdb::Cursor cursor(txn, db); cursor.first();) cursor.erase();
    ledger::lmdb::commit(std::move(txn));
    CHECK_FALSE(ledger::lmdb::damaged_page(env));
}

TEST_CASE("The pages are walked while others write") {
    TempDir dir;
    ledger::lmdb::Environment env(dir.path(), writable(std::size_t{2} << 30));  // who walks keeps pages from being used again
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        Random random(2);
        for (int i = 0; i < 2000 && !stop; ++i) change(env, random, 20);
    });
    std::vector<std::string> wrong;
    for (int i = 0; i < 200; ++i)
        if (auto w = ledger::lmdb::damaged_page(env)) wrong.push_back(w->english());
    stop = true;
    writer.join();
    CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("A damaged page is named, with what is wrong") {
    TempDir dir;
    auto sound = filled(dir);
    std::set<std::string> told;
    for (std::size_t page = 2; page < sound.size() / page_size; ++page) {
        auto content = sound;
        content.replace(page * page_size, 8, Bytes(8, '\xff'));  // its number
        write_file(dir.path() + "/data.mdb", content);
        auto wrong = found_in(dir);
        if (!wrong) continue;  // a free page, or a later one of a long value
        CHECK_THAT(wrong->english(), Catch::StartsWith("page " + std::to_string(page) + ", of "));
        told.insert(wrong->english().substr(wrong->english().find(", of ")));
    }
    for (const char* tree : {"table plain: says that it is page", "table several: says that it is page", "table plain: is no page of a long value", "the free pages: says that it is page",
                             "the tables' names: says that it is page"})
        CHECK(std::any_of(told.begin(), told.end(), [&](const auto& one) { return one.find(tree) != std::string::npos; }));
}

TEST_CASE("A page that is used and free as well is found") {
    using namespace ledger::lmdb::layout;
    TempDir dir;
    auto content = filled(dir, 2);
    Meta one(content.data()), other(content.data() + page_size);
    const auto& newest = one.transaction > other.transaction ? one : other;
    REQUIRE(newest.free.depth == 1);
    std::size_t page = newest.free.root * page_size, node = page + ledger::lmdb::layout::load<std::uint16_t>(content.data() + page + PageHead::size);
    REQUIRE(Node(content.data() + node).flags == 0);
    // A list: how many, and their numbers.
    std::uint64_t list[] = {1, newest.main.root};
    std::size_t value = node + Node::head + sizeof(std::uint64_t);
    content.replace(value, sizeof list, reinterpret_cast<const char*>(list), sizeof list);
    write_file(dir.path() + "/data.mdb", content);
    auto wrong = found_in(dir);
    REQUIRE(wrong);
    CHECK(wrong->english() == "page " + std::to_string(newest.free.root) + ", of the free pages: leads to page " + std::to_string(newest.main.root) + ", which is used already");
}

// LMDB takes pages from beyond the end, frees them in the same commit and never writes them.
TEST_CASE("A file that is shorter than its last page is sound where nothing leads beyond its end") {
    TempDir dir;
    std::size_t last = 0;
    {
        ledger::lmdb::Environment env(dir.path(), writable());
        auto commit = [&](auto work) {
            ledger::lmdb::WriteTxn txn(env);
            auto db = *txn.open_db("plain", true);
            work(txn, db);
            ledger::lmdb::commit(std::move(txn));
        };
        auto key = [](int i) { return "k" + std::to_string(10000 + i); };
        for (int n = 0; n < 4; ++n) commit([&](auto& txn, MDB_dbi db) { for (int i = 0; i < 10; ++i) txn.put(db, key(n + i), Bytes(50, 'v')); });
        commit([&](auto& txn, MDB_dbi db) {
            for (int i = 1000; i < 1500; ++i) txn.put(db, key(i), Bytes(50, 'v'));
            for (int i = 1499; i >= 1000; --i) txn.erase(db, key(i));
        });
        MDB_envinfo info;
        mdb_env_info(env.handle(), &info);
        last = info.me_last_pgno;
    }
    auto file = dir.path() + "/data.mdb";
    CHECK(std::filesystem::file_size(file) == (last + 1) * page_size);  // a commit of ours mends it
    std::filesystem::resize_file(file, last * page_size);
    // It can be opened, read and written to; the file then has them all.
    CHECK_FALSE(found_in(dir));
    ledger::lmdb::Environment env(dir.path(), writable());
    Random more(4);
    for (int i = 0; i < 20; ++i) change(env, more, 300);
    CHECK_FALSE(ledger::lmdb::damaged_page(env));

    // Cut further, it lacks what something leads to.
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    require_error(ErrorKind::database, [&] { ledger::lmdb::Environment cut(dir.path(), {true, 0, 64}); }, {"it should have"});
}

namespace {

// Where each page or page within a node begins that holds values of one size, and how long it is.
std::vector<std::pair<std::size_t, std::size_t>> pages_of_values(const Bytes& content, bool within) {
    using namespace ledger::lmdb::layout;
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (std::size_t at = 2 * page_size; at < content.size(); at += page_size) {
        PageHead page(content.data() + at);
        if (page.number != at / page_size) continue;
        if (!within && page.flags == (page_flag::leaf | page_flag::fixed)) out.emplace_back(at, page_size);
        if (!within || page.flags != page_flag::leaf) continue;
        for (std::size_t i = 0; i < page.nodes(); ++i) {
            std::size_t node = at + ledger::lmdb::layout::load<std::uint16_t>(content.data() + at + PageHead::size + 2 * i);
            Node n(content.data() + node);
            if (n.flags == node_flag::values) out.emplace_back(node + Node::head + n.key_size, n.value_size);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("Bounds that promise more room than a page of values has are found") {
    TempDir dir;
    auto sound = filled(dir);
    for (bool within : {false, true}) {
        int found = 0;
        for (auto [at, size] : pages_of_values(sound, within)) {
            auto content = sound;
            auto upper = static_cast<std::uint16_t>(size);
            content.replace(at + 14, sizeof upper, reinterpret_cast<const char*>(&upper), sizeof upper);
            if (content == sound) continue;
            write_file(dir.path() + "/data.mdb", content);
            auto wrong = found_in(dir);
            if (!wrong) continue;  // a page that is free
            CHECK_THAT(wrong->english(), Catch::Contains("of table several: has ") && Catch::Contains(" values of 8 octets, and its bounds "));
            ++found;
        }
        CHECK(found > 0);
    }
}

TEST_CASE("A value of another size among those of one is found") {
    TempDir dir;
    {
        ledger::lmdb::Environment env(dir.path(), writable());
        ledger::lmdb::WriteTxn txn(env);
        Tables t(txn);
        txn.put(t.several, "a", be64(1));
        txn.put(t.several, "b", be32(1));  // LMDB takes it
        ledger::lmdb::commit(std::move(txn));
    }
    auto wrong = found_in(dir);
    REQUIRE(wrong);
    CHECK_THAT(wrong->english(), Catch::Contains("has a value of 4 octets among those of 8"));
}

TEST_CASE("A page size that LMDB cannot divide by is damage and no crash") {
    TempDir dir;
    auto sound = filled(dir, 1);
    for (std::size_t page : {0, 1})
        for (std::uint32_t size : {0u, 1u, 3u, 4095u, 65536u, 0xffffffffu}) {
            auto content = sound;
            content.replace(page * page_size + 40, sizeof size, reinterpret_cast<const char*>(&size), sizeof size);
            write_file(dir.path() + "/data.mdb", content);
            INFO(page << " " << size);
            require_error(ErrorKind::database, [&] { ledger::lmdb::Environment(dir.path(), writable()); }, {"its first pages are damaged"});
        }
}

TEST_CASE("What the walk finds sound can be written to and does not end the process") {
    TempDir dir;
    auto sound = filled(dir);
    Random random(7);
    int damaged = 0, passed = 0;
    for (int trial = 0; trial < 400; ++trial) {
        auto content = sound;
        auto pages = sound.size() / page_size - 2;
        for (auto n = random.pick<int>({1, 1, 3, 20}); n > 0; --n) {
            auto page = (2 + random.below(pages)) * page_size;
            // Mostly where LMDB keeps its own: the head, and the nodes' places behind it.
            auto at = page + (random.one_in(3) ? random.below(page_size) : random.below(40));
            if (random.one_in(2))
                content[at] = static_cast<char>(content[at] ^ (1 << random.below(8)));
            else
                content[at] = static_cast<char>(random.below(256));
        }
        write_file(dir.path() + "/data.mdb", content);
        if (found_in(dir)) {
            ++damaged;
            continue;
        }
        ++passed;
        INFO("trial " << trial);
        REQUIRE(can_be_written(dir, static_cast<std::uint32_t>(trial)));
    }
    CHECK(damaged > 100);
    CHECK(passed > 20);
}

}  // namespace saring::test::page_walk_test
