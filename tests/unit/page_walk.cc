// The walk over a file's pages: no false alarm on what LMDB wrote, and no page of ruin that is missed.
#include "store/page_walk.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <set>
#include <thread>

#include "base/file.h"
#include "store/page_layout.h"
#include "support.h"

namespace saring::test {
namespace {

constexpr std::size_t page_size = 4096, map_size = std::size_t{64} << 20;

lmdb::Options writable(std::size_t map = map_size) { return {false, map, 64}; }

struct Tables {
    explicit Tables(lmdb::WriteTxn& txn)
        : plain(*txn.open_db("plain", true)), several(*txn.open_db("several", true, MDB_DUPSORT | MDB_DUPFIXED)), empty(*txn.open_db("empty", true)) {}
    MDB_dbi plain, several, empty;
};

Bytes random_key(Random& random) {
    Bytes key("k" + std::to_string(random.below(3000)));
    return key.append(random.below(200), 'x');
}

// Keys short and long, values from none to many pages, several values a key in pages within nodes and in trees of their own.
void change(lmdb::Environment& env, Random& random, std::size_t writes) {
    lmdb::WriteTxn txn(env);
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
    lmdb::commit(std::move(txn));
}

Bytes filled(const TempDir& dir, int rounds = 6) {
    lmdb::Environment env(dir.path(), writable());
    Random random(5);
    for (int i = 0; i < rounds; ++i) change(env, random, 700);
    return read_file(dir.path() + "/data.mdb", map_size);
}

std::optional<Message> found_in(const TempDir& dir) {
    lmdb::Environment env(dir.path(), writable());
    return lmdb::damaged_page(env);
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
            lmdb::Environment env(dir.path(), writable());
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
    lmdb::Environment env(dir.path(), writable());
    Random random(1);
    for (int i = 0; i < 60; ++i) {
        change(env, random, 1 + random.below(400));
        auto wrong = lmdb::damaged_page(env);
        INFO((wrong ? wrong->english() : ""));
        REQUIRE_FALSE(wrong);
    }
}

TEST_CASE("A file in which everything was removed again is sound") {
    TempDir dir;
    filled(dir);
    lmdb::Environment env(dir.path(), writable());
    lmdb::WriteTxn txn(env);
    Tables t(txn);
    for (auto db : {t.plain, t.several})
        for (lmdb::Cursor cursor(txn, db); cursor.first();) cursor.erase();
    lmdb::commit(std::move(txn));
    CHECK_FALSE(lmdb::damaged_page(env));
}

TEST_CASE("The pages are walked while others write") {
    TempDir dir;
    lmdb::Environment env(dir.path(), writable(std::size_t{2} << 30));  // who walks keeps pages from being used again
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        Random random(2);
        for (int i = 0; i < 2000 && !stop; ++i) change(env, random, 20);
    });
    std::vector<std::string> wrong;
    for (int i = 0; i < 200; ++i)
        if (auto w = lmdb::damaged_page(env)) wrong.push_back(w->english());
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
    using namespace lmdb::layout;
    TempDir dir;
    auto content = filled(dir, 2);
    Meta one(content.data()), other(content.data() + page_size);
    const auto& newest = one.transaction > other.transaction ? one : other;
    REQUIRE(newest.free.depth == 1);
    std::size_t page = newest.free.root * page_size, node = page + load<std::uint16_t>(content.data() + page + PageHead::size);
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

}  // namespace saring::test
