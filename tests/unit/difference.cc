// Net changes, and damaged changes.
#include "history_support.h"

namespace saring::test::difference_test {
namespace {

ledger::EntryChange change(bool added, const char* text, policy::OrderIndex order = 1,
                           policy::Match match = policy::Match::subtree) {
    return {added, false, {order, match}, key_of(text)};
}

std::vector<std::string> words(const std::vector<ledger::EntryChange>& made) {
    std::vector<std::string> out;
    for (const auto& e : made)
        out.push_back((e.added ? "+" : "-") + name_of_key(e.key).to_string() +
                      (e.entry.match == policy::Match::exact ? "=" : "") + std::to_string(e.entry.order));
    return out;
}

}  // namespace

TEST_CASE("An entry that is added and removed has no net change") {
    CHECK(ledger::net({change(true, "a.example"), change(false, "a.example")}).empty());
    CHECK(ledger::net({change(false, "a.example"), change(true, "a.example")}).empty());
    CHECK(ledger::net({}).empty());
}

TEST_CASE("A changed match is a removal and an addition") {
    CHECK(words(ledger::net({change(false, "a.example", 1, policy::Match::exact), change(true, "a.example")})) ==
          std::vector<std::string>{"-a.example=1", "+a.example1"});
    CHECK(words(ledger::net({change(true, "a.example", 1, policy::Match::exact),
                             change(false, "a.example", 1, policy::Match::exact), change(true, "a.example")})) ==
          std::vector<std::string>{"+a.example1"});
}

TEST_CASE("Two orders' claims on one name are separate in the net change") {
    CHECK(words(ledger::net({change(true, "a.example", 1), change(true, "a.example", 2),
                             change(false, "a.example", 1)})) == std::vector<std::string>{"+a.example2"});
}

TEST_CASE("The difference between a serial and itself is empty") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    auto d = store.view([](const ledger::Snapshot& s) { return difference(s, 1, 1); });
    CHECK(d.records.empty());
    CHECK(d.entries.empty());
}

}  // namespace saring::test::difference_test
