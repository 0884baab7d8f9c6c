// Addresses of lists in the Writer and in checks.
#include "ledger/check.h"
#include "store_support.h"

namespace saring::test::writer_list_addresses_test {
namespace {

list::Targets some(const std::vector<std::string>& names, const std::vector<std::string>& addresses) {
    list::Targets out(names_of(names));
    for (const auto& a : addresses) out.addresses.push_back(Prefix::parse(a));
    std::sort(out.addresses.begin(), out.addresses.end());
    return out;
}

struct Lists : Store {
    ledger::ListOutcome outcome;
    void replace(const list::Targets& targets, UnixTime now = noon, UnixTime expires = noon + 30 * day) {
        write([&](ledger::Writer& w) { outcome = w.replace_list(list_info("x", expires), targets, now); }, now);
    }
    void change(const list::Targets& removed, const list::Targets& added) {
        write([&](ledger::Writer& w) { outcome = w.change_list(list_info("x"), removed, added, noon); });
    }
    bool sound() const {
        return view([](const ledger::Snapshot& s) { return check_content(s, {}).total() == 0; });
    }
};

Listing listed(const std::vector<std::string>& targets) {
    Listing out;
    for (const auto& t : targets) out[t] = {"list:x"};
    return out;
}

}  // namespace

TEST_CASE("a list's addresses are entries like its names") {
    Lists store;
    store.replace(some({"a.example"}, {"203.0.113.5", "198.51.100.0/24", "2001:db8::/32"}));
    CHECK(store.outcome.names == 1);
    CHECK(store.outcome.addresses == 3);
    CHECK(store.outcome.addresses_added == 3);
    CHECK(listing(store) == listed({"a.example", "203.0.113.5", "198.51.100.0/24", "2001:db8::/32"}));
    CHECK(store.order("list:x").addresses == 3);
    CHECK(store.sound());
}

TEST_CASE("only addresses that differ are written") {
    Lists store;
    store.replace(some({"a.example"}, {"203.0.113.5", "198.51.100.0/24"}));
    store.replace(some({"a.example"}, {"203.0.113.6", "198.51.100.0/24"}));
    CHECK(store.outcome.addresses_added == 1);
    CHECK(store.outcome.addresses_removed == 1);
    CHECK(store.outcome.added == 0);
    auto changes =
        store.view([](const ledger::Snapshot& s) { return read_changes(s.transaction(), s.tables(), s.serial()); });
    CHECK(changes.entries.size() == 2);
    auto serial = store.serial();
    store.replace(some({"a.example"}, {"203.0.113.6", "198.51.100.0/24"}));
    CHECK_FALSE(store.outcome.changed());
    CHECK(store.serial() == serial);
    CHECK(store.sound());
}

TEST_CASE("a change of a list removes and adds addresses and keeps the others") {
    Lists store;
    store.replace(some({"a.example"}, {"203.0.113.5", "203.0.113.6"}));
    store.change(some({}, {"203.0.113.5", "192.0.2.1"}), some({}, {"2001:db8::1", "203.0.113.6"}));
    CHECK(store.outcome.addresses_added == 1);
    CHECK(store.outcome.addresses_removed == 1);
    CHECK(store.outcome.addresses == 2);
    CHECK(listing(store) == listed({"a.example", "203.0.113.6", "2001:db8::1"}));
    CHECK(store.sound());
}

TEST_CASE("an address that a change both removes and adds stays") {
    Lists store;
    store.replace(some({}, {"203.0.113.5"}));
    store.change(some({}, {"203.0.113.5"}), some({}, {"203.0.113.5"}));
    CHECK_FALSE(store.outcome.edited());
    CHECK(store.outcome.addresses == 1);
}

TEST_CASE("a revoked list has no addresses") {
    Lists store;
    store.replace(some({"a.example"}, {"203.0.113.5"}));
    store.revoke("list:x");
    CHECK(listing(store).empty());
    CHECK(store.sound());
    store.replace(some({"a.example"}, {"203.0.113.5"}));
    CHECK(listing(store) == listed({"a.example", "203.0.113.5"}));
    CHECK(store.sound());
}

TEST_CASE("addresses change the digest of a list, without them it is that of its names") {
    CHECK(some({"a.example"}, {}).digest() == names_of({"a.example"}).digest());
    CHECK(some({"a.example"}, {"203.0.113.5"}).digest() != some({"a.example"}, {}).digest());
    CHECK(some({"a.example"}, {"203.0.113.5"}).digest() != some({"a.example"}, {"203.0.113.6"}).digest());
}

TEST_CASE("an altered address of a list is detected by its digest") {
    Lists store;
    store.replace(some({}, {"203.0.113.5"}));
    {
        ledger::lmdb::WriteTxn txn(store.db->environment());
        auto key = prefix_key(Prefix::parse("203.0.113.5"));
        Bytes value(*txn.get(store.db->tables().addresses, key));
        txn.erase(store.db->tables().addresses, key);
        txn.put(store.db->tables().addresses, prefix_key(Prefix::parse("203.0.113.6")), value);
        ledger::lmdb::commit(std::move(txn));
    }
    auto found = store.view([](const ledger::Snapshot& s) { return check_content(s, {}).list(); });
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].what.english().find("digest differs") != std::string::npos);
}

TEST_CASE("issued changes with new terms or targets, but not with a renewal") {
    Lists store;
    store.replace(some({"a.example"}, {}), noon);
    store.replace(some({"a.example"}, {}), noon + day, noon + 40 * day);
    CHECK(store.outcome.renewed);
    CHECK(store.order("list:x").issued == noon);
    CHECK(store.order("list:x").effective == noon);
    CHECK(store.order("list:x").applied == noon + day);
    store.replace(some({"a.example"}, {"203.0.113.5"}), noon + 2 * day);
    CHECK(store.order("list:x").issued == noon + 2 * day);
}

TEST_CASE("a list that ended gets a new issued time when it is renewed") {
    Lists store;
    store.replace(some({"a.example"}, {}), noon, noon + day);
    store.replace(some({"a.example"}, {}), noon + 5 * day, noon + 40 * day);
    CHECK(store.order("list:x").issued == noon);
    CHECK(store.order("list:x").effective == noon + 5 * day);
}

}  // namespace saring::test::writer_list_addresses_test
