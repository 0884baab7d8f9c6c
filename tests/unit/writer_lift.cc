// Orders lifted by orders, whole or one name, known or still to come.
#include "policy_support.h"

namespace saring::test {
namespace {

Order lifting(const std::string& id, std::vector<Revocation> revokes, const std::vector<std::string>& targets = {}) {
    Order order = make_order(id, targets);
    order.revokes = std::move(revokes);
    return order;
}

Revocation whole(const std::string& id) { return {id, std::nullopt}; }
Revocation one(const std::string& id, const char* domain) { return {id, name(domain)}; }

}  // namespace

TEST_CASE("An order lifts another whole and the lifted one's record names it") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "203.0.113.7/32"}));
    store.apply(lifting("B-2", {whole("B-1")}), noon + 5);
    CHECK(listing(store).empty());
    auto r = store.order("B-1");
    CHECK(r.lifted == noon + 5);
    CHECK(r.lifted_by == "order B-2");
    CHECK(r.names == 0);
    CHECK(r.addresses == 0);
}

TEST_CASE("An order may list names and lift others at once") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "old.example"}));
    store.apply(lifting("B-2", {whole("B-1")}, {"hoax.example", "new.example"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-2"}}, {"new.example", {"B-2"}}});
    CHECK(store.order("B-2").names == 2);
}

TEST_CASE("Lifting one name leaves the rest of the order in force") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "=good.example", "203.0.113.7/32"}));
    store.apply(lifting("B-2", {one("B-1", "good.example")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"203.0.113.7", {"B-1"}}});
    CHECK(store.order("B-1").names == 1);
    CHECK(store.order("B-1").lifted == never);
    CHECK(store.order("B-1").lifted_by.empty());
}

TEST_CASE("Lifting one name leaves those above and below it that the order lists too") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "www.hoax.example", "a.www.hoax.example"}));
    store.apply(lifting("B-2", {one("B-1", "www.hoax.example")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"a.www.hoax.example", {"B-1"}}});
}

TEST_CASE("Lifting a name lifts it from the order named and from no other") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(make_order("B-2", {"hoax.example"}));
    store.apply(lifting("B-3", {one("B-1", "hoax.example")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-2"}}});
}

TEST_CASE("Lifting a name that the order does not list changes no listing") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto record = encode(store.order("B-1"));
    store.apply(lifting("B-2", {one("B-1", "www.hoax.example"), one("B-1", "example.test")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
    CHECK(encode(store.order("B-1")) == record);
}

TEST_CASE("An order whose lift came first is lifted from the moment it is applied") {
    Store store;
    store.apply(lifting("B-2", {whole("B-1")}));
    CHECK((store.apply(make_order("B-1", {"hoax.example", "203.0.113.7/32"}), noon + 5) == Applied::applied));
    CHECK(listing(store).empty());
    auto r = store.order("B-1");
    CHECK(r.lifted == noon + 5);
    CHECK(r.lifted_by == "order B-2");
    CHECK(r.names == 0);
    CHECK(r.addresses == 0);
    store.view([](const Snapshot& s) { CHECK(s.document(*s.find_order("B-1"))); });
}

TEST_CASE("An order whose name was lifted first goes in without that name") {
    Store store;
    store.apply(lifting("B-2", {one("B-1", "good.example")}));
    store.apply(make_order("B-1", {"hoax.example", "=good.example", "www.good.example"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"www.good.example", {"B-1"}}});
    CHECK(store.order("B-1").names == 2);
    CHECK(store.order("B-1").lifted == never);
}

TEST_CASE("A lift still to come is for that id and name alone") {
    Store store;
    store.apply(lifting("B-2", {whole("B-1"), one("B-3", "good.example")}));
    for (const char* id : {"B-10", "B-", "b-1"}) store.apply(make_order(id, {"hoax.example"}));
    store.apply(make_order("B-30", {"good.example"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-10", "B-", "b-1"}}, {"good.example", {"B-30"}}});
}

TEST_CASE("The first of two lifts is the one that the record names") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(lifting("B-2", {whole("B-1")}), noon + 1);
    store.apply(lifting("B-3", {whole("B-1"), one("B-1", "hoax.example")}), noon + 2);
    CHECK(store.order("B-1").lifted == noon + 1);
    CHECK(store.order("B-1").lifted_by == "order B-2");
}

TEST_CASE("The first of two lifts still to come is the one that the record names") {
    Store store;
    store.apply(lifting("B-2", {whole("B-1")}));
    store.apply(lifting("B-3", {whole("B-1")}));
    store.apply(make_order("B-1", {"hoax.example"}));
    CHECK(store.order("B-1").lifted_by == "order B-2");
}

TEST_CASE("An order revoked by hand stays so when an order lifts it") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.revoke("B-1", noon);
    store.apply(lifting("B-2", {whole("B-1")}), noon + 1);
    CHECK(store.order("B-1").lifted == noon);
    CHECK(store.order("B-1").lifted_by == "tester");
}

TEST_CASE("What a lifting order lifted stays lifted when that order is revoked") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(lifting("B-2", {whole("B-1")}));
    store.revoke("B-2");
    CHECK(listing(store).empty());
    CHECK(store.order("B-1").lifted_by == "order B-2");
}

TEST_CASE("Revoking an order after one of its names was lifted removes the rest") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    store.apply(lifting("B-2", {one("B-1", "a.example")}));
    store.revoke("B-1");
    CHECK(listing(store).empty());
    store.view([](const Snapshot& s) { CHECK(last_journal(s.transaction(), s.tables())->names_removed == 1); });
}

TEST_CASE("A list is lifted whole by an order") {
    Store store;
    store.write([](Writer& w) { w.replace_list(list_info("uji"), names_of({"a.example", "b.example"}), noon); });
    store.apply(lifting("B-1", {whole("list:uji")}));
    CHECK(listing(store).empty());
    CHECK(store.order("list:uji").lifted_by == "order B-1");
}

TEST_CASE("A name lifted from a list before its first import stays out of it") {
    Store store;
    store.apply(lifting("B-1", {one("list:uji", "a.example")}));
    ListOutcome outcome;
    store.write([&](Writer& w) { outcome = w.replace_list(list_info("uji"), names_of({"a.example", "b.example"}), noon); });
    CHECK(outcome.names == 1);
    CHECK(outcome.added == 1);
    CHECK(listing(store) == Listing{{"b.example", {"list:uji"}}});
}

TEST_CASE("A lifted name is resolved again and one that another order holds stays blocked") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    store.apply(make_order("B-2", {"b.example"}));
    store.apply(lifting("B-3", {whole("B-1")}));
    store.view([](const Snapshot& s) {
        CHECK(decide(s, name("www.a.example"), at_noon()).outcome == Outcome::none);
        CHECK(decide(s, name("www.b.example"), at_noon()).by->order->id == "B-2");
    });
}

TEST_CASE("A lift's commit names the lifting and the lifted order") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    store.apply(lifting("B-2", {one("B-1", "a.example")}, {"c.example"}));
    store.view([](const Snapshot& s) {
        auto r = last_journal(s.transaction(), s.tables());
        CHECK(std::set<std::string>(r->orders.begin(), r->orders.end()) == std::set<std::string>{"B-1", "B-2"});
        CHECK(r->orders.size() == 2);
        CHECK(r->names_added == 1);
        CHECK(r->names_removed == 1);
    });
}

}  // namespace saring::test
