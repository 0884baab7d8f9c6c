// A Writer is one transaction with one journal record, or none.
#include "store_support.h"

namespace saring::test::writer_commit_test {
namespace {

void put(ledger::Writer& w, const order::Order& order) { w.apply(order, document_of(order), "ani", noon); }

policy::OrderIndex index_of(const Store& store, const std::string& id) {
    return store.view([&](const ledger::Snapshot& s) { return s.find_order(id).value_or(0); });
}

ledger::JournalRecord last(const Store& store) {
    return store.view([](const ledger::Snapshot& s) { return last_journal(s.transaction(), s.tables()).value(); });
}

ledger::Changes changes_of(const Store& store, std::uint64_t serial) {
    return store.view([&](const ledger::Snapshot& s) { return read_changes(s.transaction(), s.tables(), serial); });
}

}  // namespace

TEST_CASE("An empty commit keeps the serial and writes no record") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = dump(store);
    CHECK(store.write([](ledger::Writer& w) { CHECK_FALSE(w.changed()); }) == 1);
    CHECK(dump(store) == before);
}

TEST_CASE("A Writer destroyed without commit leaves nothing") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example", "203.0.113.7/32"}));
    store.write([](ledger::Writer& w) { w.replace_list(list_info("uji"), names_of({"l.example"}), noon); });
    auto before = dump(store);
    {
        ledger::Writer w(store.db);
        order::Order lifting = make_order("B-2", {"c.example"});
        lifting.revokes = {{"B-1", name("a.example")}, {"B-9", std::nullopt}};
        put(w, lifting);
        w.revoke("B-1", "tester", noon);
        w.replace_list(list_info("uji"), names_of({"m.example"}), noon);
        w.replace_list(list_info("lain"), names_of({"n.example"}), noon);
        w.put_manifest("feed", "content");
        CHECK(w.changed());
    }
    CHECK(dump(store) == before);
    // The next Writer begins at the same serial.
    CHECK(store.write([](ledger::Writer& w) { put(w, make_order("B-2", {"c.example"})); }) == 3);
    CHECK(index_of(store, "B-2") == 3);
}

TEST_CASE("A Writer that ends with an error leaves nothing") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = dump(store);
    require_error(ErrorKind::not_found, [&] {
        store.write([](ledger::Writer& w) {
            put(w, make_order("B-2", {"other.example"}));
            w.revoke("B-7", "tester", noon);
        });
    });
    CHECK(dump(store) == before);
}

TEST_CASE("Readers see nothing of a Writer until it commits") {
    Store store;
    ledger::Writer w(store.db);
    put(w, make_order("B-1", {"hoax.example"}));
    CHECK(w.serial() == 0);
    CHECK_FALSE(store.has("B-1"));
    CHECK(w.commit({"test", "tester", "", noon}) == 1);
    CHECK(store.has("B-1"));
}

TEST_CASE("The serial rises by one with each commit, whatever its size") {
    Store store;
    std::uint64_t expected = 0;
    for (int i = 0; i < 5; ++i) {
        auto serial = store.write([&](ledger::Writer& w) {
            CHECK(w.serial() == expected);
            for (int k = 0; k <= i; ++k)
                put(w, make_order("B-" + std::to_string(i) + "-" + std::to_string(k), {"hoax.example"}));
        });
        CHECK(serial == ++expected);
        CHECK(store.serial() == expected);
        CHECK(store.write([](ledger::Writer&) {}) == expected);
    }
}

TEST_CASE("A commit's journal record has operator, command, time and orders") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example", "203.0.113.7/32"}));
    ledger::Writer w(store.db);
    put(w, make_order("B-2", {"a.example", "203.0.113.8/32", "203.0.113.9/32"}));
    w.revoke("B-1", "tester", noon);
    CHECK(w.so_far().names_added == 1);
    CHECK(w.so_far().names_removed == 2);
    w.commit({"order apply", "ani", "letter 7", noon + 3});
    auto r = last(store);
    CHECK(r.serial == 2);
    CHECK(r.time == noon + 3);
    CHECK(r.operator_name == "ani");
    CHECK(r.command == "order apply");
    CHECK(r.detail == "letter 7");
    CHECK(r.orders == std::vector<std::string>{"B-2", "B-1"});
    CHECK(r.names_added == 1);
    CHECK(r.names_removed == 2);
    CHECK(r.addresses_added == 2);
    CHECK(r.addresses_removed == 1);
}

TEST_CASE("The journal of many commits is whole and chained") {
    Store store;
    for (int i = 0; i < 12; ++i) {
        store.apply(make_order("B-" + std::to_string(i), {std::to_string(i) + ".example"}));
        if (i % 3 == 0) store.revoke("B-" + std::to_string(i));
    }
    store.view([](const ledger::Snapshot& s) {
        std::uint64_t expected = 0;
        each_journal(s.transaction(), s.tables(),
                     [&](const ledger::JournalRecord& r) { CHECK(r.serial == ++expected); });
        CHECK(expected == s.serial());
        CHECK_FALSE(first_broken_journal(s.transaction(), s.tables()));
        for (std::uint64_t serial = 1; serial <= s.serial(); ++serial)
            CHECK_NOTHROW(read_changes(s.transaction(), s.tables(), serial));
    });
}

TEST_CASE("A commit's changes have the entries in sequence") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "=b.example", "203.0.113.7/32"}));
    store.revoke("B-1");
    auto words = [&](std::uint64_t serial) {
        std::vector<std::string> out;
        for (const auto& e : changes_of(store, serial).entries)
            out.push_back((e.added ? "+" : "-") +
                          (e.address ? prefix_of_key(e.key).to_string() : name_of_key(e.key).to_string()) +
                          (e.entry.match == policy::Match::exact ? "=" : "") + " " + std::to_string(e.entry.order));
        return out;
    };
    CHECK(words(1) == std::vector<std::string>{"+a.example 1", "+b.example= 1", "+203.0.113.7 1"});
    CHECK(words(2) == std::vector<std::string>{"-a.example 1", "-b.example= 1", "-203.0.113.7 1"});
}

TEST_CASE("A commit's changes have each record once, as it was before") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    auto before = ledger::encode(store.order("B-1"));
    store.write([](ledger::Writer& w) {
        order::Order lifting = make_order("B-2", {});
        lifting.revokes = {{"B-1", name("a.example")}};
        put(w, lifting);
        w.revoke("B-1", "tester", noon);
    });
    std::map<std::string, std::size_t> times;
    for (const auto& r : changes_of(store, 2).records) {
        ++times[to_string(r.table) + (" " + r.key)];
        bool old = r.table == ledger::RecordTable::orders && r.key == be32(1);
        CHECK(r.image == (old ? std::optional(before) : std::nullopt));
    }
    CHECK(times.count(std::string(to_string(ledger::RecordTable::orders)) + " " + be32(1)) == 1);
    CHECK(times.count(std::string(to_string(ledger::RecordTable::orders)) + " " + be32(2)) == 1);
    for (const auto& [what, n] : times) CHECK(n == 1);
}

TEST_CASE("A feed state is durable and raises no serial") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = dump(store);
    ledger::FeedState state;
    state.url = "https://feed.example/";
    state.serial = 7;
    CHECK(store.write([&](ledger::Writer& w) {
        w.put_feed("uji", state);
        w.put_manifest("uji", "manifest");
        CHECK_FALSE(w.changed());
        REQUIRE(w.feed("uji"));
    }) == 1);
    CHECK(dump(store) == before);
    store.view([](const ledger::Snapshot& s) {
        CHECK(read_feed_state(s.transaction(), s.tables(), "uji")->serial == 7);
        CHECK(read_manifest(s.transaction(), s.tables(), "uji") == Bytes("manifest"));
        CHECK_FALSE(read_feed_state(s.transaction(), s.tables(), "lain"));
    });
}

TEST_CASE("A feed state is committed with the changes of its transaction") {
    Store store;
    ledger::FeedState state;
    state.serial = 7;
    {
        ledger::Writer w(store.db);
        w.put_feed("uji", state);
        put(w, make_order("B-1", {"hoax.example"}));
    }
    store.view([](const ledger::Snapshot& s) { CHECK_FALSE(read_feed_state(s.transaction(), s.tables(), "uji")); });
    CHECK(store.write([&](ledger::Writer& w) {
        w.put_feed("uji", state);
        put(w, make_order("B-1", {"hoax.example"}));
    }) == 1);
    store.view([](const ledger::Snapshot& s) { CHECK(read_feed_state(s.transaction(), s.tables(), "uji")); });
}

TEST_CASE("An order's index is never reused") {
    Store store;
    std::map<std::string, policy::OrderIndex> given;
    policy::OrderIndex highest = 0;
    for (int i = 0; i < 8; ++i) {
        auto id = "B-" + std::to_string(i);
        store.apply(make_order(id, {"hoax.example"}));
        CHECK(index_of(store, id) > highest);
        given[id] = highest = index_of(store, id);
        if (i % 2) store.revoke(id);
        if (i == 5) store.write([](ledger::Writer& w) { w.roll_back(w.serial() - 2); });  // B-5 is gone
    }
    CHECK_FALSE(store.has("B-5"));
    given.erase("B-5");
    for (const auto& [id, index] : given) CHECK(index_of(store, id) == index);
    CHECK(index_of(store, "B-6") == 7);
}

TEST_CASE("A change that does not fit in the map leaves the database intact and usable") {
    Store store(std::size_t{1} << 20);
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = dump(store);
    std::vector<std::string> many;
    for (int i = 0; i < 40000; ++i) many.push_back("n" + std::to_string(i) + ".example");
    require_error(ErrorKind::database, [&] {
        store.write([&](ledger::Writer& w) { w.replace_list(list_info("uji"), names_of(many), noon); });
    });
    CHECK(dump(store) == before);
    store.apply(make_order("B-2", {"other.example"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"other.example", {"B-2"}}});
}

}  // namespace saring::test::writer_commit_test
