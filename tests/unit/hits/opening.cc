// Before anything is written to a hits file its pages are looked at, once.
#include <filesystem>

#include "base/file.h"
#include "hits_support.h"

namespace saring::test::hits_opening_test {
namespace {

// Counts the looks; `ends` ends one at its first step.
class Looks : public Progress {
public:
    void begin(const Message&, const Message&, std::uint64_t) override { ++count; }
    void at(std::uint64_t) override {
        if (ends) throw ledger::lmdb::Failure(ledger::lmdb::Fault::unavailable, "hits database", "ended", "");
    }
    void end() override {}

    int count = 0;
    bool ends = false;
};

void alter(const config::HitsConfig& config, std::size_t at, const Bytes& octets) {
    auto file = config.path + "/data.mdb";
    auto content = read_file(file, std::size_t{1} << 30);
    content.replace(at, octets.size(), octets);
    write_file(file, content);
}

// Written to and closed by this process.
struct ClosedStore : HitsStore {
    explicit ClosedStore(std::uint32_t seed) : random(seed) {
        write(random_hits(random, 200));
        db.reset();
    }
    Random random;
};

}  // namespace

TEST_CASE("A hits file is looked at when it is opened to write, and not again after this process closed it") {
    ClosedStore store(31);
    Looks looks;
    for (int i = 0; i < 2; ++i) {
        store.db = hits::HitsDatabase::create(store.config, looks);
        store.write(random_hits(store.random, 200));
        store.db.reset();
    }
    CHECK(looks.count == 0);
    alter(store.config, 0, "");  // another file of the same content
    store.db = hits::HitsDatabase::create(store.config, looks);
    CHECK(looks.count == 1);
    CHECK(store.read().size() == 600);
}

TEST_CASE("A damaged hits file is refused to who writes, and looked at again only when it has changed") {
    ClosedStore store(32);
    auto sound = read_file(store.config.path + "/data.mdb", std::size_t{1} << 30);
    for (std::size_t page = 2; page < sound.size() / 4096; ++page) alter(store.config, page * 4096, Bytes(16, '\xff'));
    Looks looks;
    for (int i = 0; i < 3; ++i) require_error(ErrorKind::database, [&] { hits::HitsDatabase::create(store.config, looks); }, {"hits database", "corrupt: page", "move the folder hits.path aside"});
    require_error(ErrorKind::database, [&] { hits::HitsDatabase::open_to_write(store.config); }, {"corrupt: page"});
    CHECK(looks.count == 1);
    write_file(store.config.path + "/data.mdb", sound);
    store.db = hits::HitsDatabase::create(store.config, looks);
    CHECK(looks.count == 2);
    CHECK(store.read().size() == 200);
}

TEST_CASE("A hits file in which damage was met is looked at again") {
    HitsStore store;
    Random random(34);
    store.write(random_hits(random, 200));
    store.db->distrust();
    store.db.reset();
    Looks looks;
    store.db = hits::HitsDatabase::create(store.config, looks);
    CHECK(looks.count == 1);
}

TEST_CASE("A look at a large hits file can be ended, and begins anew") {
    HitsStore store;
    Random random(33);
    // Reported each so many pages: it takes a few megabytes.
    while (std::filesystem::file_size(store.config.path + "/data.mdb") < std::size_t{6} << 20) store.write(random_hits(random, 3000));
    store.db.reset();
    alter(store.config, 0, "");
    Looks looks;
    looks.ends = true;
    for (int i = 0; i < 2; ++i) require_error(ErrorKind::database, [&] { hits::HitsDatabase::create(store.config, looks); }, {"ended"});
    looks.ends = false;
    store.db = hits::HitsDatabase::create(store.config, looks);
    CHECK(looks.count == 3);
}

}  // namespace saring::test::hits_opening_test
