#include "catch.h"
#include "store_support.h"

namespace saring::test::writer_list_changes_test {
namespace {

// "hoax.example" (subtree), "=hoax.example" (exact), "*.hoax.example" (below).
list::NameSet matches_of(const std::vector<std::string>& names) {
    list::NameSet out;
    for (const auto& n : names) {
        if (n[0] == '=') out.add(key_of(n.substr(1)), policy::Match::exact);
        else if (n[0] == '*') out.add(key_of(n.substr(2)), policy::Match::below);
        else out.add(key_of(n));
    }
    out.sort_unique();
    return out;
}

std::map<std::string, policy::Match> list_of(const Store& store) {
    return store.view([](const ledger::Snapshot& s) {
        std::map<std::string, policy::Match> out;
        ledger::lmdb::Cursor cursor(s.transaction(), s.tables().names);
        for (auto item = cursor.first(); item; item = cursor.next())
            out[name_of_key(item->key).to_string()] = policy::Entries(item->value)[0].match;
        return out;
    });
}

struct ListStore : Store {
    ledger::ListOutcome outcome;
    void replace(const std::vector<std::string>& names) {
        write([&](ledger::Writer& w) { outcome = w.replace_list(list_info("x"), matches_of(names), noon); });
    }
    void change(const std::vector<std::string>& removed, const std::vector<std::string>& added) {
        write([&](ledger::Writer& w) {
            outcome = w.change_list(list_info("x"), matches_of(removed), matches_of(added), noon);
        });
    }
    bool blocks(const std::string& text) const {
        return view([&](const ledger::Snapshot& s) {
            return decide(s, name(text), {noon, nullptr, policy::Action::nxdomain}).outcome == policy::Outcome::block;
        });
    }
};

}  // namespace

TEST_CASE("a set of names keeps each match and unites those of a repeated name") {
    auto set = matches_of({"=b.example", "a.example", "*.b.example", "*.c.example", "*.c.example", "=d.example"});
    REQUIRE(set.size() == 4);
    CHECK(set[0] == key_of("a.example"));
    CHECK(set.match(0) == policy::Match::subtree);
    CHECK(set.match(1) == policy::Match::subtree);
    CHECK(set.match(2) == policy::Match::below);
    CHECK(set.match(3) == policy::Match::exact);
    CHECK(set.digest() != matches_of({"a.example", "b.example", "*.c.example", "d.example"}).digest());
}

TEST_CASE("each match of a list covers exactly its names") {
    ListStore store;
    store.replace({"all.example", "=only.example", "*.under.example"});
    CHECK(store.blocks("all.example"));
    CHECK(store.blocks("www.all.example"));
    CHECK(store.blocks("only.example"));
    CHECK_FALSE(store.blocks("www.only.example"));
    CHECK_FALSE(store.blocks("under.example"));
    CHECK(store.blocks("www.under.example"));
    CHECK(store.blocks("a.b.under.example"));
}

TEST_CASE("a new match of one name in a list alters that name only") {
    ListStore store;
    store.replace({"a.example", "=b.example"});
    store.replace({"a.example", "*.b.example"});
    CHECK(store.outcome.altered == 1);
    CHECK(store.outcome.added == 0);
    CHECK(store.outcome.removed == 0);
    CHECK(list_of(store) == std::map<std::string, policy::Match>{{"a.example", policy::Match::subtree},
                                                                 {"b.example", policy::Match::below}});
    auto serial = store.serial();
    store.replace({"a.example", "*.b.example"});
    CHECK(store.serial() == serial);
}

TEST_CASE("differences remove and add parts of a name's coverage") {
    ListStore store;
    store.replace({"a.example", "b.example", "=c.example", "=d.example"});
    store.change({"=a.example", "b.example", "=c.example"}, {"*.d.example", "=e.example"});
    CHECK(list_of(store) == std::map<std::string, policy::Match>{{"a.example", policy::Match::below},
                                                                 {"d.example", policy::Match::subtree},
                                                                 {"e.example", policy::Match::exact}});
    CHECK(store.outcome.added == 1);
    CHECK(store.outcome.removed == 2);
    CHECK(store.outcome.altered == 2);
    CHECK(store.outcome.names == 3);
    CHECK(store.order("list:x").names == 3);
}

TEST_CASE("differences that are already applied write nothing") {
    ListStore store;
    store.replace({"a.example"});
    auto before = dump(store);
    store.change({"gone.example"}, {"=a.example"});
    CHECK_FALSE(store.outcome.changed());
    CHECK(dump(store) == before);
}

TEST_CASE("differences need the list they differ from") {
    ListStore store;
    require_error(ErrorKind::not_found, [&] { store.change({}, {"a.example"}); }, {"list:x"});
}

TEST_CASE("differences do not affect other orders' names") {
    ListStore store;
    store.apply(make_order("B-1", {"a.example"}));
    store.replace({"a.example"});
    store.change({"a.example"}, {});
    CHECK(listing(store)["a.example"] == std::multiset<std::string>{"B-1"});
}

TEST_CASE("random differences agree with an independent model") {
    Random random(41);
    ListStore store;
    std::map<std::string, unsigned> model;  // name -> itself 1, below 2
    auto text = [](const std::string& n, unsigned bits) { return (bits == 1 ? "=" : bits == 2 ? "*." : "") + n; };
    store.replace({"seed.example"});
    model["seed.example"] = 3;
    for (int round = 0; round < 60; ++round) {
        std::vector<std::string> removed, added;
        for (int i = 0; i < 12; ++i) {
            std::string n = "n" + std::to_string(random.below(15)) + ".example";
            unsigned take = static_cast<unsigned>(random.below(4)), give = static_cast<unsigned>(random.below(4));
            // One edit of a name in each round: sets unite duplicates.
            if (std::find_if(removed.begin(), removed.end(),
                             [&](auto& r) { return r.ends_with(n) && r.size() <= n.size() + 2; }) != removed.end())
                continue;
            if (std::find_if(added.begin(), added.end(),
                             [&](auto& r) { return r.ends_with(n) && r.size() <= n.size() + 2; }) != added.end())
                continue;
            if (take) removed.push_back(text(n, take));
            if (give) added.push_back(text(n, give));
            unsigned& bits = model[n];
            bits = (bits & ~take) | give;
            if (!bits) model.erase(n);
        }
        store.change(removed, added);
        std::map<std::string, policy::Match> expected;
        for (auto [n, bits] : model)
            expected[n] = bits == 1 ? policy::Match::exact : bits == 2 ? policy::Match::below : policy::Match::subtree;
        REQUIRE(list_of(store) == expected);
        REQUIRE(store.order("list:x").names == expected.size());
    }
}

}  // namespace saring::test::writer_list_changes_test
