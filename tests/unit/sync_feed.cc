// One synchronisation as a transaction: its effect when it succeeds, when it is a rehearsal, and when it fails.
#include "feed_support.h"

namespace saring::test::sync_feed_test {
namespace {

// All tables except the one in which failures are recorded.
Dump blocklist(const Store& store) {
    auto all = dump(store);
    all.erase("feeds");
    return all;
}

}  // namespace

TEST_CASE("A synchronisation is one commit with one journal record, whatever the number of orders") {
    FollowedFeed f;
    f.publish({f.draft(make_order("B-1", {"a.example"})), f.draft(make_order("B-2", {"b.example", "192.0.2.0/24"}))},
              noon);
    auto report = f.sync(noon);
    CHECK_FALSE(report.failure);
    CHECK(report.count(feed::SyncItem::Outcome::applied) == 2);
    CHECK(report.serial == 1);
    CHECK(f.store.serial() == 1);
    f.store.view([](const ledger::Snapshot& s) {
        auto record = last_journal(s.transaction(), s.tables());
        REQUIRE(record);
        CHECK(record->orders == std::vector<std::string>{"B-1", "B-2"});
        CHECK(record->operator_name == "tester");
    });
}

TEST_CASE("A dry run reports the same and writes nothing") {
    FollowedFeed f;
    f.publish({f.draft(make_order("B-1", {"a.example"}))}, noon);
    auto before = dump(f.store);
    auto rehearsed = f.sync(noon, true);
    CHECK(dump(f.store) == before);
    auto done = f.sync(noon);
    CHECK(rehearsed.serial == done.serial);
    CHECK(rehearsed.names_added == done.names_added);
    CHECK(rehearsed.count(feed::SyncItem::Outcome::applied) == done.count(feed::SyncItem::Outcome::applied));
}

TEST_CASE("A failed synchronisation changes only the feed's state") {
    FollowedFeed f;
    f.publish({f.draft(make_order("B-1", {"a.example"}))}, noon);
    f.sync(noon);
    auto before = blocklist(f.store);
    f.publish({f.draft(make_order("B-2", {"b.example"}))}, noon);
    auto late = f.sync(noon + 2000 * day);
    REQUIRE(late.failure);
    CHECK(late.failure->kind() == ErrorKind::trust);
    CHECK(late.items.empty());
    CHECK(blocklist(f.store) == before);
    f.store.view([](const ledger::Snapshot& s) {
        auto state = read_feed_state(s.transaction(), s.tables(), "ministry");
        REQUIRE(state);
        CHECK(state->serial == 1);
        CHECK(state->last_success == noon);
        CHECK(state->last_failure == noon + 2000 * day);
        CHECK(state->failures == 1);
        CHECK(state->failure_code == 4);
    });
    CHECK_FALSE(f.sync(noon).failure);
}

TEST_CASE("An order that a rollback removed is applied again from an unchanged feed") {
    FollowedFeed f;
    auto order = make_order("B-1", {"a.example"});
    f.publish({f.draft(order)}, noon);
    f.sync(noon);
    Store other;  // a database without the order, but with the feed's state
    f.store.view([&](const ledger::Snapshot& s) {
        auto state = read_feed_state(s.transaction(), s.tables(), "ministry");
        auto manifest = read_manifest(s.transaction(), s.tables(), "ministry");
        other.write([&](ledger::Writer& w) {
            w.put_feed("ministry", *state);
            w.put_manifest("ministry", *manifest);
        });
    });
    auto report = feed::sync_feed({f.store.config, f.feed, other.db, noon, f.progress}, "tester", false);
    CHECK(report.unchanged);
    CHECK(report.count(feed::SyncItem::Outcome::applied) == 1);
    CHECK(other.has("B-1"));
}

TEST_CASE("A feed with an unknown scheme is refused with the known ones") {
    FollowedFeed f;
    f.feed.url = "gopher://feed.example/";
    require_error(ErrorKind::usage, [&] { f.sync(noon); }, {"feed ministry", "gopher://feed.example/", "https://"});
}

}  // namespace saring::test::sync_feed_test
