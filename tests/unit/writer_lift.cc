// Orders lifted by orders, whole or by name, applied before or later.
#include "ledger/lifts.h"
#include "policy_support.h"

namespace saring::test::writer_lift_test {
namespace {

order::Order lifting(const std::string& id, std::vector<order::Revocation> revokes,
                     const std::vector<std::string>& targets = {}) {
    order::Order order = make_order(id, targets);
    order.revokes = std::move(revokes);
    return order;
}

order::Revocation whole(const std::string& id) { return {id, std::nullopt}; }
order::Revocation one(const std::string& id, const char* domain) { return {id, name(domain)}; }
order::Revocation below(const std::string& id, const char* domain) {
    return {id, name(domain), policy::Match::subtree};
}

std::vector<std::string> idle(const Store& store, const std::string& id) {
    return store.view([&](const ledger::Snapshot& s) {
        std::vector<std::string> out;
        for (const auto& i : idle_lifts(s, *s.find_order(id))) out.push_back(i.why.english());
        return out;
    });
}

}  // namespace

TEST_CASE("The record of an order that is lifted whole names the lifting order") {
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

TEST_CASE("Lifting one name leaves the order's other names in force") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "=good.example", "203.0.113.7/32"}));
    store.apply(lifting("B-2", {one("B-1", "good.example")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"203.0.113.7", {"B-1"}}});
    CHECK(store.order("B-1").names == 1);
    CHECK(store.order("B-1").lifted == policy::never);
    CHECK(store.order("B-1").lifted_by.empty());
}

TEST_CASE("Lifting one name leaves the order's names above and below it") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "www.hoax.example", "a.www.hoax.example"}));
    store.apply(lifting("B-2", {one("B-1", "www.hoax.example")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"a.www.hoax.example", {"B-1"}}});
}

TEST_CASE("Lifting a name removes it only from the named order") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(make_order("B-2", {"hoax.example"}));
    store.apply(lifting("B-3", {one("B-1", "hoax.example")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-2"}}});
}

TEST_CASE("Lifting a name that the order does not list changes nothing") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto record = ledger::encode(store.order("B-1"));
    store.apply(lifting("B-2", {one("B-1", "www.hoax.example"), one("B-1", "example.test")}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
    CHECK(ledger::encode(store.order("B-1")) == record);
}

TEST_CASE("An order that lifts another authority's order is refused and changes nothing") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto other = lifting("B-2", {whole("B-1")}, {"new.example"});
    other.authority = "Other";
    require_error(ErrorKind::refused, [&] { store.apply(other); }, {"B-2", "B-1", "Other"});
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
}

TEST_CASE("A lift by another authority that arrived first does not count, whole or by name") {
    Store store;
    auto other = lifting("B-9", {whole("B-1"), one("B-2", "two.example")});
    other.authority = "Other";
    store.apply(other);
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(make_order("B-2", {"two.example"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"two.example", {"B-2"}}});
}

TEST_CASE("An order whose lift arrived first is lifted when it is applied") {
    Store store;
    store.apply(lifting("B-2", {whole("B-1")}));
    CHECK((store.apply(make_order("B-1", {"hoax.example", "203.0.113.7/32"}), noon + 5) == ledger::Applied::applied));
    CHECK(listing(store).empty());
    auto r = store.order("B-1");
    CHECK(r.lifted == noon + 5);
    CHECK(r.lifted_by == "order B-2");
    CHECK(r.names == 0);
    CHECK(r.addresses == 0);
    store.view([](const ledger::Snapshot& s) { CHECK(s.document(*s.find_order("B-1"))); });
}

TEST_CASE("An order whose name was lifted first is applied without that name") {
    Store store;
    store.apply(lifting("B-2", {one("B-1", "good.example")}));
    store.apply(make_order("B-1", {"hoax.example", "=good.example", "www.good.example"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}, {"www.good.example", {"B-1"}}});
    CHECK(store.order("B-1").names == 2);
    CHECK(store.order("B-1").lifted == policy::never);
}

TEST_CASE("A lift of an order that has not arrived applies to that id and name only") {
    Store store;
    store.apply(lifting("B-2", {whole("B-1"), one("B-3", "good.example")}));
    for (const char* id : {"B-10", "B-", "b-1"}) store.apply(make_order(id, {"hoax.example"}));
    store.apply(make_order("B-30", {"good.example"}));
    CHECK(listing(store) == Listing{{"hoax.example", {"B-10", "B-", "b-1"}}, {"good.example", {"B-30"}}});
}

TEST_CASE("The record names the first of two lifts") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(lifting("B-2", {whole("B-1")}), noon + 1);
    store.apply(lifting("B-3", {whole("B-1"), one("B-1", "hoax.example")}), noon + 2);
    CHECK(store.order("B-1").lifted == noon + 1);
    CHECK(store.order("B-1").lifted_by == "order B-2");
}

TEST_CASE("The record names the first of two lifts that arrived before the order") {
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

TEST_CASE("Revoking a lifting order does not undo its lifts") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    store.apply(lifting("B-2", {whole("B-1")}));
    store.revoke("B-2");
    CHECK(listing(store).empty());
    CHECK(store.order("B-1").lifted_by == "order B-2");
}

TEST_CASE("Revoking an order after one of its names was lifted removes the others") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    store.apply(lifting("B-2", {one("B-1", "a.example")}));
    store.revoke("B-1");
    CHECK(listing(store).empty());
    store.view([](const ledger::Snapshot& s) { CHECK(last_journal(s.transaction(), s.tables())->names_removed == 1); });
}

TEST_CASE("An order cannot lift a list or a name of it") {
    Store store;
    store.write([](ledger::Writer& w) {
        w.replace_list(list_info("uji"), names_of({"a.example", "b.example"}), noon);
    });
    for (const auto& lift : {whole("list:uji"), one("list:uji", "a.example")})
        require_error(ErrorKind::refused, [&] { store.apply(lifting("B-1", {lift})); }, {"B-1", "list:uji"});
    CHECK(listing(store) == Listing{{"a.example", {"list:uji"}}, {"b.example", {"list:uji"}}});
}

TEST_CASE("A lifted name resolves again unless another order lists it") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    store.apply(make_order("B-2", {"b.example"}));
    store.apply(lifting("B-3", {whole("B-1")}));
    store.view([](const ledger::Snapshot& s) {
        CHECK(decide(s, name("www.a.example"), at_noon()).outcome == policy::Outcome::none);
        CHECK(decide(s, name("www.b.example"), at_noon()).by->order->id == "B-2");
    });
}

TEST_CASE("The commit of a lift names the lifting and the lifted order") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example"}));
    store.apply(lifting("B-2", {one("B-1", "a.example")}, {"c.example"}));
    store.view([](const ledger::Snapshot& s) {
        auto r = last_journal(s.transaction(), s.tables());
        CHECK(std::set<std::string>(r->orders.begin(), r->orders.end()) == std::set<std::string>{"B-1", "B-2"});
        CHECK(r->orders.size() == 2);
        CHECK(r->names_added == 1);
        CHECK(r->names_removed == 1);
    });
}

TEST_CASE("Lifting a subtree leaves names above and beside it") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "www.hoax.example", "a.www.hoax.example", "=b.www.hoax.example",
                                   "notwww.hoax.example"}));
    store.apply(make_order("B-2", {"a.www.hoax.example"}));
    store.apply(lifting("B-3", {below("B-1", "www.hoax.example")}));
    CHECK(listing(store) ==
          Listing{{"hoax.example", {"B-1"}}, {"notwww.hoax.example", {"B-1"}}, {"a.www.hoax.example", {"B-2"}}});
    CHECK(store.order("B-1").names == 2);
    CHECK(idle(store, "B-3").empty());
}

TEST_CASE("A subtree lift that arrived first counts when the order is applied") {
    Store store;
    store.apply(lifting("B-2", {below("B-1", "hoax.example")}));
    store.apply(make_order("B-1", {"hoax.example", "a.b.hoax.example", "nothoax.example"}));
    CHECK(listing(store) == Listing{{"nothoax.example", {"B-1"}}});
    CHECK(store.order("B-1").names == 1);
}

TEST_CASE("Lifting one name leaves those below it, lifting its subtree leaves none") {
    Store store;
    store.apply(lifting("B-2", {one("B-1", "hoax.example")}));
    store.apply(make_order("B-1", {"hoax.example", "www.hoax.example"}));
    CHECK(listing(store) == Listing{{"www.hoax.example", {"B-1"}}});
    store.apply(lifting("B-3", {below("B-1", "hoax.example")}));
    CHECK(listing(store).empty());
    CHECK(idle(store, "B-3").empty());
    store.apply(lifting("B-4", {one("B-1", "www.hoax.example")}));
    CHECK(idle(store, "B-4") ==
          std::vector<std::string>{"www.hoax.example of order B-1 was lifted already by order B-3"});
}

TEST_CASE("The lifts of an order outlast its expiry") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto lift = lifting("B-2", {whole("B-1")});
    lift.expires = noon + 1;
    store.apply(lift, noon + 5);
    CHECK(listing(store).empty());
    CHECK((store.order("B-2").state(noon + 5) == policy::OrderState::expired));
}

TEST_CASE("A lift that lifts nothing is reported with the nearest target") {
    Store store;
    store.apply(make_order("B-1/2024", {"www.surat-suara-palsu.example", "hoax.example"}));
    store.apply(lifting("L-1", {one("B-1/2024", "surat-suara-palsu.example")}));
    store.apply(lifting("L-2", {one("B-1/2024", "m.hoax.example")}));
    store.apply(lifting("L-3", {one("B-1/2024", "hoaks.example")}));
    store.apply(lifting("L-4", {whole("B-01/2024")}));
    store.apply(lifting("L-5", {whole("L-4")}));
    CHECK(idle(store, "L-1").at(0).find("it lists www.surat-suara-palsu.example, which is below") != std::string::npos);
    CHECK(idle(store, "L-2").at(0).find("it lists hoax.example, which covers it") != std::string::npos);
    CHECK(idle(store, "L-3").at(0).find("it lists hoax.example: did you mean that?") != std::string::npos);
    CHECK(idle(store, "L-4").at(0).find("order B-1/2024 is: did you mean that?") != std::string::npos);
    CHECK(idle(store, "L-5").at(0).find("order L-4 has no targets") != std::string::npos);
}

TEST_CASE("A lift of an order that is lifted, revoked or expired lifts nothing") {
    Store store;
    for (const char* id : {"B-1", "B-2"}) store.apply(make_order(id, {"hoax.example"}));
    auto short_lived = make_order("B-3", {"hoax.example"});
    short_lived.expires = noon + 1;
    store.apply(short_lived);
    store.apply(lifting("L-1", {whole("B-1")}), noon + 1);
    store.revoke("B-2", noon + 1);
    store.apply(lifting("L-2", {whole("B-1"), whole("B-2"), whole("B-3")}), noon + 2);
    auto told = idle(store, "L-2");
    REQUIRE(told.size() == 3);
    CHECK(told[0].find("was lifted already") != std::string::npos);
    CHECK(told[1].find("was lifted already") != std::string::npos);
    CHECK(told[2].find("had expired") != std::string::npos);
    CHECK(idle(store, "L-1").empty());
}

TEST_CASE("The lifted names of an order have the time and the lifting order") {
    Store store;
    store.apply(make_order("B-1", {"a.example", "b.example", "www.b.example"}), noon);
    store.apply(lifting("B-2", {one("B-1", "a.example")}), noon + 1);
    store.apply(lifting("B-3", {below("B-1", "b.example")}), noon + 2);
    store.view([](const ledger::Snapshot& s) {
        auto lifted = lifted_names(s, *s.find_order("B-1"));
        REQUIRE(lifted.size() == 3);
        CHECK(lifted[0].name == name("a.example"));
        CHECK(lifted[0].by == "B-2");
        CHECK(lifted[0].lifted == noon + 1);
        CHECK(lifted[2].name == name("www.b.example"));
        CHECK(lifted[2].by == "B-3");
        CHECK(lifted[2].lifted == noon + 2);
        CHECK(lifted_names(s, *s.find_order("B-2")).empty());
    });
}

}  // namespace saring::test::writer_lift_test
