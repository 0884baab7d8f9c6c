// The stored quarantine, and the Writer's operations on it.
#include "ledger/quarantine.h"

#include "store_support.h"

namespace saring::test::quarantine_test {
namespace {

ledger::HeldTarget held_name(const std::string& text, policy::Match match = policy::Match::subtree) {
    return {ledger::HeldKind::name, key_of(text), match, "never-block", "why " + text};
}

void apply_held(Store& store, const order::Order& order, std::vector<ledger::HeldTarget> held) {
    store.write([&](ledger::Writer& w) {
        w.apply(order, document_of(order), "ani", noon, {policy::OrderKind::order, std::move(held)});
    });
}

ledger::HeldState state(const Store& store, const std::string& id, const std::string& text, UnixTime now = noon) {
    return store.view([&](const ledger::Snapshot& s) {
        auto index = *s.find_order(id);
        return state_of(*find_held(s.transaction(), s.tables(), index, ledger::HeldKind::name, key_of(text)),
                        s.order(index), now);
    });
}

std::uint64_t waiting(const Store& store, UnixTime now = noon) {
    return store.view([&](const ledger::Snapshot& s) { return count_held(s.transaction(), s.tables(), now); });
}

void decide_name(Store& store, const std::string& id, const std::string& text, bool release, UnixTime now = noon) {
    store.write(
        [&](ledger::Writer& w) {
            w.decide_held(id, ledger::HeldKind::name, key_of(text), {release, "budi", "letter", now});
        },
        now);
}

}  // namespace

TEST_CASE("Every field of a quarantine record survives storing") {
    ledger::HeldRecord r;
    r.state = ledger::HeldState::discarded;
    r.match = policy::Match::exact;
    r.since = 1, r.serial = 2, r.decided = 3;
    r.rule = "rule", r.why = "why", r.by = "ani", r.reason = "reason", r.digest = octets("\0\1");
    auto again = ledger::decode_held_record(encode(r));
    CHECK(again.state == r.state);
    CHECK(again.match == r.match);
    CHECK(again.since == 1);
    CHECK(again.serial == 2);
    CHECK(again.decided == 3);
    CHECK(std::vector<std::string>{again.rule, again.why, again.by, again.reason, again.digest} ==
          std::vector<std::string>{"rule", "why", "ani", "reason", r.digest});
}

TEST_CASE("A quarantine record keeps every match") {
    for (auto match : {policy::Match::subtree, policy::Match::exact, policy::Match::below}) {
        ledger::HeldRecord r;
        r.match = match;
        CHECK(ledger::decode_held_record(encode(r)).match == match);
    }
}

TEST_CASE("A quarantine record without a change has the old stored form") {
    ledger::HeldRecord r;
    r.digest = "d";
    auto before = encode(r);
    r.change = "c";
    CHECK(encode(r) == before + octets("\1\0\0\0") + "c");
    CHECK(ledger::decode_held_record(before).change.empty());
    CHECK(ledger::decode_held_record(encode(r)).change == "c");
}

TEST_CASE("A quarantine record truncated at any byte, or with an unknown state, is corruption") {
    Bytes whole = encode(ledger::HeldRecord{});
    for (std::size_t n = 0; n < whole.size(); ++n)
        require_error(ErrorKind::database, [&] { ledger::decode_held_record(ByteView(whole).substr(0, n)); });
    for (std::size_t at : {0u, 1u}) {
        Bytes damaged = whole;
        damaged[at] = 9;
        require_error(ErrorKind::database, [&] { ledger::decode_held_record(damaged); }, {"unknown"});
    }
}

TEST_CASE("The longest name fits in a quarantine key") {
    Store store;
    std::string text;
    for (int i = 0; i < 3; ++i) text += std::string(63, 'a') + ".";
    text += std::string(61, 'a');
    apply_held(store, make_order("B-1", {text, "hoax.example"}), {held_name(text)});
    CHECK(waiting(store) == 1);
}

TEST_CASE("Held targets are not in force, and the order's others are") {
    Store store;
    apply_held(store, make_order("B-1", {"held.example", "hoax.example"}), {held_name("held.example")});
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
    CHECK(store.order("B-1").names == 1);
    CHECK(waiting(store) == 1);
}

TEST_CASE("A released name keeps the match that was ordered") {
    Store store;
    apply_held(store, make_order("B-1", {"=held.example"}), {held_name("held.example", policy::Match::exact)});
    decide_name(store, "B-1", "held.example", true);
    CHECK(listing(store) == Listing{{"held.example", {"=B-1"}}});
    CHECK(store.order("B-1").names == 1);
    CHECK(waiting(store) == 0);
}

TEST_CASE("A name ordered twice is held with the wider match") {
    Store store;
    apply_held(store, make_order("B-1", {"=held.example", "held.example"}),
               {held_name("held.example", policy::Match::exact), held_name("held.example")});
    CHECK(listing(store).empty());
    decide_name(store, "B-1", "held.example", true);
    CHECK(listing(store) == Listing{{"held.example", {"B-1"}}});
}

TEST_CASE("Releasing a name that another order holds adds this order's claim") {
    Store store;
    store.apply(make_order("B-0", {"held.example"}));
    apply_held(store, make_order("B-1", {"held.example"}), {held_name("held.example")});
    decide_name(store, "B-1", "held.example", true);
    CHECK(listing(store) == Listing{{"held.example", {"B-0", "B-1"}}});
}

TEST_CASE("The end of an order closes its held targets") {
    Store store;
    apply_held(store, make_order("B-1", {"held.example"}), {held_name("held.example")});
    CHECK(state(store, "B-1", "held.example") == ledger::HeldState::held);
    CHECK(state(store, "B-1", "held.example", noon + 100 * day) == ledger::HeldState::closed);
    CHECK(waiting(store, noon + 100 * day) == 0);
    store.revoke("B-1");
    CHECK(state(store, "B-1", "held.example") == ledger::HeldState::closed);
    require_error(ErrorKind::refused, [&] { decide_name(store, "B-1", "held.example", true); },
                  {"held.example", "revoked"});
}

TEST_CASE("A name lifted before its order arrived is neither held nor blocked") {
    Store store;
    auto lift = make_order("B-0", {});
    lift.revokes = {{"B-1", name("held.example")}};
    store.apply(lift);
    apply_held(store, make_order("B-1", {"held.example", "hoax.example"}), {held_name("held.example")});
    CHECK(waiting(store) == 0);
    CHECK(listing(store) == Listing{{"hoax.example", {"B-1"}}});
}

TEST_CASE("An order held as a whole has nothing in force until it is released") {
    Store store;
    apply_held(
        store, make_order("B-1", {"a.example", "held.example", "203.0.113.0/28"}),
        {held_name("held.example"), {ledger::HeldKind::whole, {}, policy::Match::subtree, "too-many-targets", "why"}});
    CHECK(listing(store).empty());
    CHECK(waiting(store) == 2);
    store.write([](ledger::Writer& w) {
        w.decide_held("B-1", ledger::HeldKind::whole, {}, {true, "budi", "letter", noon});
    });
    CHECK(listing(store) == Listing{{"a.example", {"B-1"}}, {"203.0.113.0/28", {"B-1"}}});
    CHECK(store.order("B-1").names == 1);
    CHECK(store.order("B-1").addresses == 1);
    CHECK(waiting(store) == 1);
}

TEST_CASE("A decision on a target that is not held is refused") {
    Store store;
    apply_held(store, make_order("B-1", {"held.example", "hoax.example"}), {held_name("held.example")});
    auto before = dump(store);
    require_error(ErrorKind::not_found, [&] { decide_name(store, "B-1", "hoax.example", true); }, {"hoax.example"});
    require_error(ErrorKind::not_found, [&] { decide_name(store, "B-9", "held.example", true); }, {"B-9"});
    CHECK(dump(store) == before);
    decide_name(store, "B-1", "held.example", false);
    require_error(ErrorKind::refused, [&] { decide_name(store, "B-1", "held.example", true); }, {"discarded", "budi"});
}

TEST_CASE("Revoking an order removes its released names") {
    Store store;
    apply_held(store, make_order("B-1", {"held.example"}), {held_name("held.example")});
    decide_name(store, "B-1", "held.example", true);
    store.revoke("B-1");
    CHECK(listing(store).empty());
}

}  // namespace saring::test::quarantine_test
