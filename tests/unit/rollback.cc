// A rollback restores an earlier state exactly, as one more commit.
#include "history_support.h"

namespace saring::test::rollback_test {

TEST_CASE("Rolling back an order leaves only journal records") {
    Store store;
    Past past(store);
    store.apply(make_order("B-1", {"hoax.example", "=fact.example", "203.0.113.0/28"}));
    CHECK(roll_back(store, 0) == 2);
    CHECK(content(store) == past.at[0]);
    CHECK_FALSE(store.has("B-1"));
    store.view([](const ledger::Snapshot& s) {
        auto r = last_journal(s.transaction(), s.tables());
        CHECK(r->orders == std::vector<std::string>{"B-1"});
        CHECK(r->names_removed == 2);
        CHECK(r->addresses_removed == 1);
        CHECK_FALSE(first_broken_journal(s.transaction(), s.tables()));
    });
}

TEST_CASE("Rolling back a revocation restores the order's names and record") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "=fact.example", "203.0.113.0/28"}));
    auto before = content(store);
    store.revoke("B-1");
    roll_back(store, 1);
    CHECK(content(store) == before);
    CHECK(store.order("B-1").lifted == policy::never);
}

TEST_CASE("A rollback can be rolled back, documents and texts included") {
    Store store;
    order::Order order = make_order("B-1", {"hoax.example"});
    order.reason = {{"en", "because"}};
    store.apply(order);
    auto with = content(store);
    CHECK(roll_back(store, 0) == 2);
    CHECK(roll_back(store, 1) == 3);
    CHECK(content(store) == with);
    CHECK(roll_back(store, 2) == 4);
    CHECK(listing(store).empty());
}

TEST_CASE(
    "A rollback over what was applied and revoked again changes nothing and commits nothing but the order's record") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.revoke("B-1");
    roll_back(store, 0);
    store.view([](const ledger::Snapshot& s) {
        auto r = last_journal(s.transaction(), s.tables());
        CHECK(r->names_added == 0);
        CHECK(r->names_removed == 0);
        CHECK(read_changes(s.transaction(), s.tables(), 3).entries.empty());
    });
}

TEST_CASE("Rolling back to the present serial does not commit") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    CHECK(roll_back(store, 1) == 1);
}

TEST_CASE("Rolling back a whole import restores the list") {
    Store store;
    Past past(store);
    auto import = [&](std::vector<std::string> names) {
        store.write([&](ledger::Writer& w) { w.replace_list(list_info("uji"), names_of(names), noon); });
        past.remember();
    };
    import({"a.example", "b.example"});
    import({"b.example", "c.example"});
    store.revoke("list:uji");
    past.remember();
    import({"b.example", "d.example"});
    import({"d.example", "e.example"});
    for (std::uint64_t serial : {3, 1, 4, 2, 5, 0}) {
        INFO(serial);
        roll_back(store, serial);
        CHECK(content(store) == past.at[serial]);
    }
}

TEST_CASE("Rolling back a revocation and import in one commit restores the list") {
    Store store;
    Past past(store);
    store.write([&](ledger::Writer& w) {
        w.replace_list(list_info("uji"), names_of({"a.example", "b.example"}), noon);
    });
    past.remember();
    store.write([&](ledger::Writer& w) {
        w.revoke("list:uji", "tester", noon);
        w.replace_list(list_info("uji"), names_of({"b.example", "c.example"}), noon);
    });
    past.remember();
    for (std::uint64_t serial : {1, 2, 0}) {
        INFO(serial);
        roll_back(store, serial);
        CHECK(content(store) == past.at[serial]);
    }
}

TEST_CASE("Rolling back a lifting order undoes its lifts") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    auto before = content(store);
    order::Order lifting = make_order("B-2", {});
    lifting.revokes = {{"B-1", name("a.example")}, {"B-9", std::nullopt}};
    store.apply(lifting);
    roll_back(store, 1);
    CHECK(content(store) == before);
    // Lifts of orders that have not arrived are undone too.
    store.apply(make_order("B-9", {"c.example"}));
    CHECK(store.order("B-9").lifted == policy::never);
}

TEST_CASE("The index of a rolled back order is not reused") {
    Store store;
    store.apply(make_order("B-1", {"a.example"}));
    auto index = [&](const char* id) {
        return store.view([&](const ledger::Snapshot& s) { return *s.find_order(id); });
    };
    auto first = index("B-1");
    roll_back(store, 0);
    store.apply(make_order("B-2", {"b.example"}));
    CHECK(index("B-2") > first);
    roll_back(store, 2);
    store.apply(make_order("B-1", {"a.example"}));
    CHECK(index("B-1") > first + 1);
}

TEST_CASE("Missing changes stop a rollback before anything is altered") {
    Store store;
    for (const char* id : {"B-1", "B-2"}) store.apply(make_order(id, {std::string(id) + ".example"}));
    {
        ledger::lmdb::WriteTxn txn(store.db->environment());
        txn.erase(store.db->tables().changes, be64(1));
        ledger::lmdb::commit(std::move(txn));
    }
    auto before = dump(store);
    require_error(ErrorKind::database, [&] { roll_back(store, 0); }, {"serial 1"});
    CHECK(dump(store) == before);
    CHECK(roll_back(store, 1) == 3);
}

}  // namespace saring::test::rollback_test
