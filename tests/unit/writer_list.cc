// A list imported, renewed and replaced as one synthetic order.
#include "store_support.h"

namespace saring::test::writer_list_test {
namespace {

struct Lists : Store {
    ledger::ListOutcome import(const std::vector<std::string>& names, const ledger::ListInfo& info = list_info("uji"),
                               UnixTime now = noon) {
        ledger::ListOutcome out;
        write([&](ledger::Writer& w) { out = w.replace_list(info, names_of(names), now); }, now);
        return out;
    }
    ledger::Changes changes() const {
        return view([](const ledger::Snapshot& s) { return read_changes(s.transaction(), s.tables(), s.serial()); });
    }
};

}  // namespace

TEST_CASE("A list is an order named after its source") {
    Lists store;
    auto info = list_info("uji", noon + 5);
    info.authority = "Ministry of Examples";
    info.category = "gambling";
    info.action = policy::Action::nodata;
    auto outcome = store.import({"b.example", "a.example"}, info);
    CHECK(outcome.names == 2);
    CHECK(outcome.added == 2);
    CHECK(outcome.removed == 0);
    CHECK(outcome.altered == 0);
    CHECK_FALSE(outcome.renewed);
    CHECK(listing(store) == Listing{{"a.example", {"list:uji"}}, {"b.example", {"list:uji"}}});
    auto r = store.order("list:uji");
    CHECK((r.kind == policy::OrderKind::list));
    CHECK((r.action == policy::Action::nodata));
    CHECK(r.authority == "Ministry of Examples");
    CHECK(r.category == "gambling");
    CHECK(r.issued == noon);
    CHECK(r.effective == noon);
    CHECK(r.applied == noon);
    CHECK(r.applied_serial == 1);
    CHECK(r.expires == noon + 5);
    CHECK(r.lifted == policy::never);
    CHECK(r.names == 2);
    CHECK(r.digest == names_of({"a.example", "b.example"}).digest());
}

TEST_CASE("The same list with the same expiry does not commit") {
    Lists store;
    store.import({"a.example"});
    auto before = dump(store);
    CHECK_FALSE(store.import({"a.example"}, list_info("uji"), noon + 9).changed());
    CHECK(dump(store) == before);
}

TEST_CASE("The same list with a later expiry is renewed without writing its names") {
    Lists store;
    store.import({"a.example"}, list_info("uji", noon + day));
    auto outcome = store.import({"a.example"}, list_info("uji", noon + 2 * day), noon + 9);
    CHECK(outcome.renewed);
    CHECK_FALSE(outcome.edited());
    CHECK(outcome.names == 1);
    CHECK(store.order("list:uji").expires == noon + 2 * day);
    CHECK(store.order("list:uji").applied == noon + 9);
    CHECK(store.serial() == 2);
    CHECK(store.changes().entries.empty());
}

TEST_CASE("A list is renewed only when less than renew_below is left") {
    for (UnixTime left : {day, day - 1}) {
        Lists store;
        store.import({"a.example"}, list_info("uji", noon + 10 * day));
        UnixTime now = noon + 10 * day - left;
        auto info = list_info("uji", now + 10 * day);
        info.renew_below = day;
        CHECK(store.import({"a.example"}, info, now).renewed == (left < day));
        CHECK(store.order("list:uji").expires == (left < day ? now + 10 * day : noon + 10 * day));
    }
}

TEST_CASE("Other terms renew a list at any time") {
    for (int what = 0; what < 3; ++what) {
        Lists store;
        store.import({"a.example"});
        auto info = list_info("uji");
        info.renew_below = 1;
        if (what == 0) info.authority = "another";
        if (what == 1) info.category = "another";
        if (what == 2) info.action = policy::Action::drop;
        CHECK(store.import({"a.example"}, info).renewed);
        auto r = store.order("list:uji");
        CHECK(r.authority == info.authority);
        CHECK(r.category == info.category);
        CHECK(r.action == info.action);
    }
}

TEST_CASE("A changed list is renewed at any time") {
    Lists store;
    store.import({"a.example"}, list_info("uji", noon + 5 * day));
    auto info = list_info("uji", noon + 6 * day);
    info.renew_below = 1;
    auto outcome = store.import({"a.example", "b.example"}, info);
    CHECK(outcome.edited());
    CHECK_FALSE(outcome.renewed);
    CHECK(store.order("list:uji").expires == noon + 6 * day);
}

TEST_CASE("Only the difference of a new edition of a list is written") {
    Lists store;
    store.import({"a.example", "b.example", "c.example"});
    auto outcome = store.import({"0.example", "b.example", "bb.example", "d.example"});
    CHECK(outcome.names == 4);
    CHECK(outcome.added == 3);
    CHECK(outcome.removed == 2);
    CHECK(listing(store) == Listing{{"0.example", {"list:uji"}},
                                    {"b.example", {"list:uji"}},
                                    {"bb.example", {"list:uji"}},
                                    {"d.example", {"list:uji"}}});
    CHECK(store.order("list:uji").names == 4);
    CHECK(store.changes().entries.size() == 5);
    CHECK(store.view([](const ledger::Snapshot& s) { return *s.find_order("list:uji"); }) == 1);
}

TEST_CASE("An emptied list stays an order without names") {
    Lists store;
    store.import({"a.example", "b.example"});
    auto outcome = store.import({});
    CHECK(outcome.removed == 2);
    CHECK(outcome.names == 0);
    CHECK(listing(store).empty());
    CHECK(store.order("list:uji").names == 0);
    CHECK(store.order("list:uji").lifted == policy::never);
    CHECK(store.import({"c.example"}).added == 1);
    CHECK(listing(store) == Listing{{"c.example", {"list:uji"}}});
}

TEST_CASE("Lists and orders for the same name have separate entries") {
    Lists store;
    store.apply(make_order("B-1", {"=a.example"}));
    store.import({"a.example", "b.example"});
    store.import({"a.example"}, list_info("lain"));
    CHECK(listing(store)["a.example"] == std::multiset<std::string>{"=B-1", "list:uji", "list:lain"});
    store.import({"b.example"});
    CHECK(listing(store) == Listing{{"a.example", {"=B-1", "list:lain"}}, {"b.example", {"list:uji"}}});
}

TEST_CASE("A list is imported completely before, after or among existing names") {
    for (const auto& there :
         {std::vector<std::string>{"a.example"}, {"z.example"}, {"m.example"}, {"f.example", "h.example"}, {}}) {
        Lists store;
        store.import(there, list_info("lain"));
        store.import({"f.example", "g.example", "h.example"});
        Listing expected{{"f.example", {"list:uji"}}, {"g.example", {"list:uji"}}, {"h.example", {"list:uji"}}};
        for (const auto& t : there) expected[t].insert("list:lain");
        CHECK(listing(store) == expected);
    }
}

TEST_CASE("The changes of a list's first import have the list instead of its names") {
    Lists store;
    store.import({"a.example", "b.example"});
    CHECK(store.changes().entries.empty());
    CHECK(store.changes().whole_lists_added == std::vector<policy::OrderIndex>{1});
    store.view([](const ledger::Snapshot& s) {
        auto r = last_journal(s.transaction(), s.tables());
        CHECK(r->names_added == 2);
        CHECK(r->orders == std::vector<std::string>{"list:uji"});
    });
}

TEST_CASE("A revoked list that is imported again keeps its index") {
    Lists store;
    store.import({"a.example"});
    store.apply(make_order("B-1", {"b.example"}));
    store.revoke("list:uji");
    auto outcome = store.import({"a.example", "c.example"}, list_info("uji"), noon + 5);
    CHECK(outcome.added == 2);
    auto r = store.order("list:uji");
    CHECK(r.lifted == policy::never);
    CHECK(r.lifted_by.empty());
    CHECK(r.applied == noon + 5);
    CHECK(store.view([](const ledger::Snapshot& s) { return *s.find_order("list:uji"); }) == 1);
    CHECK(listing(store) == Listing{{"a.example", {"list:uji"}}, {"b.example", {"B-1"}}, {"c.example", {"list:uji"}}});
}

TEST_CASE("A revoked empty list that is imported again is in force") {
    Lists store;
    store.import({"a.example"});
    store.import({});
    store.revoke("list:uji");
    CHECK(store.import({}).renewed);
    CHECK(store.order("list:uji").lifted == policy::never);
}

TEST_CASE("Of two lists of one source in a transaction the second remains") {
    Lists store;
    store.write([](ledger::Writer& w) {
        w.replace_list(list_info("uji"), names_of({"a.example", "b.example"}), noon);
        w.replace_list(list_info("uji"), names_of({"b.example", "c.example"}), noon);
    });
    CHECK(listing(store) == Listing{{"b.example", {"list:uji"}}, {"c.example", {"list:uji"}}});
    CHECK(store.order("list:uji").names == 2);
    CHECK(store.serial() == 1);
}

}  // namespace saring::test::writer_list_test
