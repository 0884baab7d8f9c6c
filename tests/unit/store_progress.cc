// Progress of long work on a database: each part begins, advances and ends.
#include <filesystem>

#include "ledger/backup.h"
#include "ledger/compact.h"
#include "store_support.h"

namespace saring::test::store_progress_test {
namespace {

class Recorder : public Progress {
public:
    struct Part {
        std::string what, unit;
        std::uint64_t total = 0, done = 0;
        bool ended = false;
    };
    std::vector<Part> parts;
    void begin(const Message& what, const Message& unit, std::uint64_t total) override {
        parts.push_back({what.english(), unit.english(), total, 0, false});
    }
    void at(std::uint64_t done) override {
        CHECK(done >= parts.back().done);
        parts.back().done = done;
    }
    void end() override { parts.back().ended = true; }
};

}  // namespace

TEST_CASE("A check reports its parts and the size of each") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "palsu.example"}));
    store.apply(make_order("B-2", {"lama.example"}));
    Recorder seen;
    CHECK(store.view([&](const ledger::Snapshot& s) { return check_content(s, {}, seen).total(); }) == 0);
    std::vector<std::pair<std::string, std::uint64_t>> expected{
        {"commits", 2}, {"orders", 2}, {"names", 3}, {"addresses", 0}};
    REQUIRE(seen.parts.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(seen.parts[i].unit == expected[i].first);
        CHECK(seen.parts[i].total == expected[i].second);
        CHECK(seen.parts[i].ended);
    }
    CHECK(seen.parts[0].done == 2);
}

TEST_CASE("A backup reports the number of bytes to copy") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    Recorder seen;
    auto file = store.dir.path() + "/backup";
    ledger::back_up(store.db->environment(), file, false, seen);
    REQUIRE(seen.parts.size() == 1);
    const auto& copying = seen.parts[0];
    CHECK((copying.unit == "bytes" && copying.ended));
    // LMDB writes its first two pages in addition.
    CHECK(copying.total > 0);
    CHECK(copying.total < std::filesystem::file_size(file));
    ledger::Backup whole(file);
    CHECK(whole.snapshot().name_count() == 1);
}

}  // namespace saring::test::store_progress_test
