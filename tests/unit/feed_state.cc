// The stored state of a feed, which is not a change of the blocklist.
#include "ledger/feed_state.h"

#include "feed/source.h"
#include "store_support.h"

namespace saring::test::feed_state_test {
namespace {

ledger::FeedState sample() {
    ledger::FeedState s;
    s.url = "https://feed.example/";
    s.serial = 1ull << 52;
    s.generated = noon;
    s.valid_until = noon + day;
    s.digest = std::string(64, 'a');
    s.etag = "\"abc\"";
    s.last_modified = "Mon, 01 Jan 2024 00:00:00 GMT";
    s.last_attempt = noon + 2;
    s.last_success = noon + 1;
    s.last_failure = noon + 2;
    s.failure = "it broke";
    s.failure_code = 6;
    s.failures = 3;
    s.orders = 1000;
    s.withheld = 2;
    s.own = octets("\0own\xff");
    return s;
}

}  // namespace

TEST_CASE("A stored feed state is read back the same") {
    Store store;
    store.write([](ledger::Writer& w) { w.put_feed("ministry", sample()); });
    store.view([](const ledger::Snapshot& s) {
        auto found = read_feed_state(s.transaction(), s.tables(), "ministry");
        REQUIRE(found);
        CHECK(encode(*found) == encode(sample()));
        CHECK(found->url == "https://feed.example/");
        CHECK(found->valid_until == noon + day);
        CHECK(found->failure == "it broke");
        CHECK(found->own == octets("\0own\xff"));
        CHECK_FALSE(read_feed_state(s.transaction(), s.tables(), "other"));
        CHECK_FALSE(read_manifest(s.transaction(), s.tables(), "ministry"));
    });
}

TEST_CASE("A truncated or lengthened feed state is corrupt") {
    auto whole = encode(sample());
    for (std::size_t n = 0; n < whole.size(); ++n)
        require_error(ErrorKind::database, [&] { ledger::decode_feed_state(ByteView(whole).substr(0, n)); },
                      {"feed state"});
    require_error(ErrorKind::database, [&] { ledger::decode_feed_state(whole + "x"); }, {"feed state"});
}

TEST_CASE("Storing a feed state raises no serial and leaves no journal record") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = store.serial();
    auto after = store.write([](ledger::Writer& w) {
        w.put_feed("ministry", sample());
        w.put_manifest("ministry", "manifest");
    });
    CHECK(after == before);
    CHECK(store.serial() == before);
    store.view([&](const ledger::Snapshot& s) {
        CHECK(s.transaction().entries(s.tables().journal) == before);
        CHECK(read_manifest(s.transaction(), s.tables(), "ministry") == "manifest");
    });
}

TEST_CASE("A feed state is stored in the commit of its orders or not at all") {
    Store store;
    auto order = make_order("B-1", {"hoax.example"});
    {
        ledger::Writer dropped(store.db);
        dropped.apply(order, document_of(order), "ani", noon);
        dropped.put_feed("ministry", sample());
    }
    store.view(
        [](const ledger::Snapshot& s) { CHECK_FALSE(read_feed_state(s.transaction(), s.tables(), "ministry")); });
    CHECK_FALSE(store.has("B-1"));
    store.write([&](ledger::Writer& w) {
        w.apply(order, document_of(order), "ani", noon);
        w.put_feed("ministry", sample());
    });
    store.view([](const ledger::Snapshot& s) { CHECK(read_feed_state(s.transaction(), s.tables(), "ministry")); });
    CHECK(store.has("B-1"));
}

TEST_CASE("Feed states are listed by name") {
    Store store;
    store.write([](ledger::Writer& w) {
        w.put_feed("b", sample());
        w.put_feed("a", sample());
    });
    store.view([](const ledger::Snapshot& s) {
        auto all = read_feed_states(s.transaction(), s.tables());
        REQUIRE(all.size() == 2);
        CHECK(all[0].first == "a");
        CHECK(all[1].first == "b");
    });
}

TEST_CASE("The more severe of two exit codes is the more urgent one") {
    const std::vector<int> from_harmless{0, 3, 2, 6, 5, 4};
    for (std::size_t i = 0; i < from_harmless.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            CHECK(feed::more_severe(from_harmless[i], from_harmless[j]) == from_harmless[i]);
            CHECK(feed::more_severe(from_harmless[j], from_harmless[i]) == from_harmless[i]);
        }
}

TEST_CASE("A report's exit code is that of its most severe event") {
    feed::SyncReport r;
    CHECK(r.exit_code() == 0);
    r.items.push_back({feed::SyncItem::Outcome::applied, "B-1", "", {}, ""});
    r.items.push_back({feed::SyncItem::Outcome::unpublished, "B-2", "", {}, ""});
    CHECK(r.exit_code() == 0);
    r.items.push_back({feed::SyncItem::Outcome::refused, "B-3", "", ErrorKind::refused, ""});
    CHECK(r.exit_code() == 3);
    r.items.push_back({feed::SyncItem::Outcome::refused, "B-4", "", ErrorKind::trust, ""});
    r.items.push_back({feed::SyncItem::Outcome::refused, "B-5", "", ErrorKind::refused, ""});
    CHECK(r.exit_code() == 4);
    CHECK(r.count(feed::SyncItem::Outcome::refused) == 3);
}

}  // namespace saring::test::feed_state_test
