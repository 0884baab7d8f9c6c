// Applying orders.
#include "history_support.h"

namespace saring::test::writer_apply_test {
namespace {

// Applies the order with a document of other content.
ledger::Applied apply_as(ledger::Writer& w, const order::Order& order, const std::string& content) {
    return w.apply(order, {content, {}}, "ani", noon);
}

policy::OrderIndex index_of(const Store& store, const std::string& id) {
    return store.view([&](const ledger::Snapshot& s) { return s.find_order(id).value_or(0); });
}

}  // namespace

TEST_CASE("An applied order lists each of its targets") {
    Store store;
    CHECK((store.apply(make_order("B-1", {"hoax.example", "=only.example", "203.0.113.0/28", "2001:db8::/32"})) ==
           ledger::Applied::applied));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}},
                                    {"only.example", {"=B-1"}},
                                    {"203.0.113.0/28", {"B-1"}},
                                    {"2001:db8::/32", {"B-1"}}});
}

TEST_CASE("An order's record has the document's terms and how it was applied") {
    Store store;
    order::Order order = make_order("B-1", {"hoax.example", "www.hoax.example", "203.0.113.0/28"});
    order.category = "election-hoax";
    order.action = policy::Action::refused;
    order.regions = {"ID-JK", "ID-BA"};
    order.issued = noon - 3;
    order.effective = noon + 1;
    order.expires = noon + 2;
    order.deadline = noon + 3;
    store.apply(make_order("B-0", {}));
    store.write([&](ledger::Writer& w) { w.apply(order, document_of(order), "ani,budi", noon + 5); });
    auto r = store.order("B-1");
    CHECK((r.kind == policy::OrderKind::order));
    CHECK((r.action == policy::Action::refused));
    CHECK(r.issued == noon - 3);
    CHECK(r.effective == noon + 1);
    CHECK(r.expires == noon + 2);
    CHECK(r.deadline == noon + 3);
    CHECK(r.lifted == policy::never);
    CHECK(r.lifted_by.empty());
    CHECK(r.applied == noon + 5);
    CHECK(r.applied_serial == 2);
    CHECK(r.names == 2);
    CHECK(r.addresses == 1);
    CHECK(r.authority == "Ministry of Examples");
    CHECK(r.category == "election-hoax");
    CHECK(r.signers == "ani,budi");
    CHECK(r.digest.size() == 32);
    CHECK(r.regions == order.regions);
}

TEST_CASE("An order without action and deadline has neither in its record") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    CHECK_FALSE(store.order("B-1").action);
    CHECK(store.order("B-1").deadline == policy::never);
}

TEST_CASE("The ISP's own policy has kind local") {
    Store store;
    order::Order order = make_order("L-1", {"good.example"});
    order.action = policy::Action::passthru;
    store.write([&](ledger::Writer& w) {
        w.apply(order, document_of(order), "", noon, {policy::OrderKind::local, {}});
    });
    CHECK((store.order("L-1").kind == policy::OrderKind::local));
}

TEST_CASE("The same document applied again writes nothing") {
    Store store;
    auto order = make_order("B-1", {"hoax.example"});
    store.apply(order);
    auto before = dump(store);
    ledger::Writer w(store.db);
    CHECK((w.apply(order, document_of(order), "other signers", noon + day) == ledger::Applied::already));
    CHECK_FALSE(w.changed());
    CHECK(w.commit({"test", "tester", "", noon + day}) == 1);
    CHECK(dump(store) == before);
}

TEST_CASE("The same document twice in one transaction counts once") {
    Store store;
    auto order = make_order("B-1", {"hoax.example"});
    store.write([&](ledger::Writer& w) {
        CHECK((w.apply(order, document_of(order), "ani", noon) == ledger::Applied::applied));
        CHECK((w.apply(order, document_of(order), "ani", noon) == ledger::Applied::already));
    });
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
    CHECK(store.order("B-1").names == 1);
}

TEST_CASE("A revoked order applied again stays revoked") {
    Store store;
    auto order = make_order("B-1", {"hoax.example"});
    store.apply(order);
    store.revoke("B-1");
    CHECK((store.apply(order) == ledger::Applied::already));
    CHECK(listing(store).empty());
    CHECK(store.order("B-1").lifted == noon);
}

TEST_CASE("Another document under a known id is refused and changes nothing") {
    Store store;
    auto order = make_order("B-1", {"hoax.example"});
    store.apply(order);
    auto before = dump(store);
    for (const auto& content : {format_order(order) + "\n",
                                format_order(make_order("B-1", {"hoax.example", "more.example"})), std::string()}) {
        ledger::Writer w(store.db);
        require_error(ErrorKind::refused, [&] { apply_as(w, order, content); }, {"B-1", "immutable"});
        CHECK_FALSE(w.changed());
        CHECK(w.commit({"test", "tester", "", noon}) == 1);
    }
    CHECK(dump(store) == before);
}

TEST_CASE("A refused order does not undo the other changes of its transaction") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.write([](ledger::Writer& w) {
        auto good = make_order("B-2", {"other.example"}), bad = make_order("B-1", {"third.example"});
        w.apply(good, document_of(good), "ani", noon);
        require_error(ErrorKind::refused, [&] { w.apply(bad, document_of(bad), "ani", noon); });
    });
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"other.example", {"B-2"}}});
}

TEST_CASE("Two orders that list one name both have entries") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "203.0.113.7/32"}));
    store.apply(make_order("B-2", {"=hoax.example", "203.0.113.7/32"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1", "=B-2"}}, {"203.0.113.7", {"B-1", "B-2"}}});
    CHECK(store.order("B-1").names == 1);
    CHECK(store.order("B-2").names == 1);
}

TEST_CASE("A name twice in one order has one entry with the union of both matches") {
    for (const auto& targets : {std::vector<std::string>{"=hoax.example", "hoax.example"},
                                {"hoax.example", "=hoax.example"},
                                {"hoax.example", "hoax.example"}}) {
        Store store;
        store.apply(make_order("B-1", targets));
        CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
        CHECK(store.order("B-1").names == 1);
    }
    Store store;
    store.apply(make_order("B-1", {"=hoax.example", "=hoax.example", "203.0.113.7/32", "203.0.113.7/32"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"=B-1"}}, {"203.0.113.7", {"B-1"}}});
    CHECK(store.order("B-1").addresses == 1);
}

TEST_CASE("A name and one below it in one order are two entries") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "www.hoax.example"}));
    CHECK(store.order("B-1").names == 2);
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"www.hoax.example", {"B-1"}}});
}

TEST_CASE("Orders get rising indexes, and entries are sorted by them") {
    Store store;
    store.write([](ledger::Writer& w) {
        for (const char* id : {"B-3", "B-1"}) {
            auto order = make_order(id, {"hoax.example"});
            w.apply(order, document_of(order), "ani", noon);
        }
    });
    store.apply(make_order("B-2", {"hoax.example"}));
    CHECK(index_of(store, "B-3") == 1);
    CHECK(index_of(store, "B-1") == 2);
    CHECK(index_of(store, "B-2") == 3);
    store.view([](const ledger::Snapshot& s) {
        LookupKey key(name("hoax.example"));
        auto entries = s.closest_listed(key, key.labels())->entries;
        REQUIRE(entries.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) CHECK(entries[i].order == i + 1);
    });
}

TEST_CASE("Orders of one transaction have the serial of its commit") {
    Store store;
    store.apply(make_order("B-0", {}));
    store.write([](ledger::Writer& w) {
        for (const char* id : {"B-1", "B-2"}) {
            auto order = make_order(id, {});
            w.apply(order, document_of(order), "ani", noon);
        }
    });
    CHECK(store.order("B-1").applied_serial == 2);
    CHECK(store.order("B-2").applied_serial == 2);
}

TEST_CASE("An order that revokes others is refused before it takes effect") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    order::Order early = make_order("B-2", {"other.example"});
    early.effective = noon + 1;
    early.revokes = {{"B-1", std::nullopt}};
    auto before = dump(store);
    require_error(ErrorKind::refused, [&] { store.apply(early, noon); }, {"B-2", format_rfc3339(noon + 1)});
    CHECK(dump(store) == before);
    CHECK((store.apply(early, noon + 1) == ledger::Applied::applied));
    CHECK(listing(store) == Listing{{"other.example", {"B-2"}}});
}

TEST_CASE("An order for a name that already has the maximum number of orders is refused") {
    Store store;
    std::vector<policy::Entry> full;
    for (policy::OrderIndex i = 0; i < policy::Entries::max_orders; ++i)
        full.push_back({i + 100, policy::Match::subtree});
    Planter planter(store);
    planter.list(key_of("hoax.example"), full);
    planter.done();
    auto before = dump(store);
    require_error(ErrorKind::refused,
                  [&] {
                      store.apply(make_order("B-1", {"a.example", "hoax.example"}));
                  },
                  {std::to_string(policy::Entries::max_orders)});
    CHECK(dump(store) == before);
}

TEST_CASE("A refused order leaves nothing in a transaction that continues") {
    Store store, alone;
    for (Store* s : {&store, &alone}) {
        std::vector<policy::Entry> full;
        for (policy::OrderIndex i = 0; i < policy::Entries::max_orders; ++i)
            full.push_back({i + 100, policy::Match::subtree});
        Planter planter(*s);
        planter.list(key_of("hoax.example"), full);
        planter.done();
    }
    order::Order refused = make_order("B-1", {"innocent.example", "203.0.113.7/32", "hoax.example"}),
                 next = make_order("B-2", {"other.example"});
    store.write([&](ledger::Writer& w) {
        require_error(ErrorKind::refused, [&] { w.apply(refused, document_of(refused), "ani", noon); },
                      {"hoax.example"});
        w.apply(next, document_of(next), "ani", noon);
    });
    alone.apply(next);
    CHECK(content(store) == content(alone));
}

TEST_CASE("An order with too many signatures to store is refused before any write") {
    Store store;
    auto before = dump(store);
    order::Order order = make_order("B-1", {"hoax.example"});
    ledger::Document document = document_of(order);
    document.signatures.assign(70000, {"x.minisig", ""});
    store.write([&](ledger::Writer& w) {
        require_error(ErrorKind::usage, [&] { w.apply(order, document, "ani", noon); }, {"70000"});
    });
    CHECK(dump(store) == before);
}

TEST_CASE("A Writer finds orders that it has applied but not committed") {
    Store store;
    ledger::Writer w(store.db);
    CHECK_FALSE(w.find("B-1"));
    auto order = make_order("B-1", {"hoax.example"});
    w.apply(order, document_of(order), "ani", noon);
    REQUIRE(w.find("B-1"));
    CHECK(w.find("B-1")->names == 1);
    CHECK(w.so_far().names_added == 1);
    CHECK(w.so_far().names_removed == 0);
}

}  // namespace saring::test::writer_apply_test
