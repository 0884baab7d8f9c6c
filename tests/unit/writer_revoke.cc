// Orders revoked by hand.
#include "store_support.h"

namespace saring::test::writer_revoke_test {

TEST_CASE("A revoked order lists nothing, and its record has time and operator") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "=www.hoax.example", "203.0.113.0/28"}));
    store.write([](ledger::Writer& w) { w.revoke("B-1", "ani: court ruling", noon + 7); });
    CHECK(listing(store).empty());
    auto r = store.order("B-1");
    CHECK(r.lifted == noon + 7);
    CHECK(r.lifted_by == "ani: court ruling");
    CHECK(r.names == 0);
    CHECK(r.addresses == 0);
}

TEST_CASE("A revoked order keeps its document, texts and other fields") {
    Store store;
    order::Order order = make_order("B-1", {"hoax.example"});
    order.reason = {{"en", "a hoax"}};
    store.apply(order);
    auto before = store.order("B-1");
    store.revoke("B-1");
    auto after = store.order("B-1");
    store.view([&](const ledger::Snapshot& s) {
        auto index = *s.find_order("B-1");
        CHECK(s.document(index)->content == format_order(order));
        CHECK(s.texts(index).reason == order.reason);
    });
    after.lifted = policy::never;
    after.lifted_by.clear();
    after.names = 1;
    CHECK(ledger::encode(after) == ledger::encode(before));
}

TEST_CASE("Revoking an order leaves other orders' entries for its names") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "203.0.113.7/32", "own.example"}));
    store.apply(make_order("B-2", {"=hoax.example", "203.0.113.7/32"}));
    store.write([](ledger::Writer& w) { w.replace_list(list_info("uji"), names_of({"hoax.example"}), noon); });
    store.revoke("B-1");
    CHECK(listing(store) == Listing{{"hoax.example", {"=B-2", "list:uji"}}, {"203.0.113.7", {"B-2"}}});
    CHECK(store.order("B-2").names == 1);
}

TEST_CASE("Revoking an order leaves other orders' names above and below its own") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(make_order("B-2", {"www.hoax.example", "example.test"}));
    store.revoke("B-1");
    CHECK(listing(store) == Listing{{"www.hoax.example", {"B-2"}}, {"example.test", {"B-2"}}});
}

TEST_CASE("A missing order cannot be revoked") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto before = dump(store);
    for (const char* id : {"B-2", "B-", "list:uji"})
        require_error(ErrorKind::not_found, [&] { store.revoke(id); }, {id});
    CHECK(dump(store) == before);
}

TEST_CASE("A second revocation is refused with time and operator of the first") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.revoke("B-1", noon);
    auto before = dump(store);
    require_error(ErrorKind::refused, [&] { store.revoke("B-1", noon + 5); }, {"B-1", format_rfc3339(noon), "tester"});
    CHECK(dump(store) == before);
}

TEST_CASE("An order can be revoked before it takes effect and after it has expired") {
    Store store;
    order::Order upcoming = make_order("B-1", {"hoax.example"}), expired = make_order("B-2", {"hoax.example"});
    upcoming.effective = noon + 5;
    expired.expires = noon - 5;
    store.apply(upcoming);
    store.apply(expired);
    store.revoke("B-1");
    store.revoke("B-2");
    CHECK(listing(store).empty());
}

TEST_CASE("An order can be revoked in the transaction that applied it") {
    Store store;
    store.write([](ledger::Writer& w) {
        auto order = make_order("B-1", {"hoax.example", "203.0.113.7/32"});
        w.apply(order, document_of(order), "ani", noon);
        w.revoke("B-1", "tester", noon);
    });
    CHECK(listing(store).empty());
    CHECK(store.order("B-1").lifted == noon);
}

TEST_CASE("A revoked list lists nothing") {
    Store store;
    store.write([](ledger::Writer& w) {
        w.replace_list(list_info("uji"), names_of({"a.example", "b.example"}), noon);
    });
    store.write([](ledger::Writer& w) { w.replace_list(list_info("lain"), names_of({"b.example"}), noon); });
    store.revoke("list:uji");
    CHECK(listing(store) == Listing{{"b.example", {"list:lain"}}});
    CHECK(store.order("list:uji").names == 0);
    CHECK(store.order("list:uji").lifted == noon);
}

TEST_CASE("A revocation is one journal record with the order and the counts") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example", "203.0.113.7/32"}));
    store.revoke("B-1");
    store.view([](const ledger::Snapshot& s) {
        auto r = last_journal(s.transaction(), s.tables());
        CHECK(r->serial == 2);
        CHECK(r->orders == std::vector<std::string>{"B-1"});
        CHECK(r->names_added == 0);
        CHECK(r->names_removed == 2);
        CHECK(r->addresses_removed == 1);
        auto changes = read_changes(s.transaction(), s.tables(), 2);
        REQUIRE(changes.entries.size() == 3);
        for (const auto& e : changes.entries) CHECK_FALSE(e.added);
    });
}

}  // namespace saring::test::writer_revoke_test
