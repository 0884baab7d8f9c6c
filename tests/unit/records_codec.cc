// The stored records: written, read back, and damaged.
#include "ledger/records.h"

#include "support.h"

namespace saring::test::records_codec_test {
namespace {

policy::OrderRecord full() {
    policy::OrderRecord r;
    r.kind = policy::OrderKind::list;
    r.action = policy::Action::redirect;
    r.issued = 1, r.effective = 2, r.expires = 3, r.lifted = 4, r.deadline = 5, r.applied = 6;
    r.applied_serial = 7;
    r.names = 0x100000001;
    r.addresses = 9;
    r.id = "B-1", r.authority = "Ministry", r.category = "hoax", r.signers = "ani, budi", r.lifted_by = "order B-2";
    r.digest = octets("\0\1\2");
    r.regions = {"ID-JK", "ID-JB"};
    return r;
}

void check_same(const policy::OrderRecord& a, const policy::OrderRecord& b) {
    CHECK(a.kind == b.kind);
    CHECK(a.action == b.action);
    CHECK(a.issued == b.issued);
    CHECK(a.effective == b.effective);
    CHECK(a.expires == b.expires);
    CHECK(a.lifted == b.lifted);
    CHECK(a.deadline == b.deadline);
    CHECK(a.applied == b.applied);
    CHECK(a.applied_serial == b.applied_serial);
    CHECK(a.names == b.names);
    CHECK(a.addresses == b.addresses);
    CHECK(a.id == b.id);
    CHECK(a.authority == b.authority);
    CHECK(a.category == b.category);
    CHECK(a.signers == b.signers);
    CHECK(a.lifted_by == b.lifted_by);
    CHECK(a.digest == b.digest);
    CHECK(a.regions == b.regions);
}

// Every truncated and every lengthened value must be detected.
template <typename Decode>
void check_damage_is_reported(const Bytes& value, Decode decode) {
    for (std::size_t n = 0; n < value.size(); ++n) {
        INFO("cut at " << n);
        require_error(ErrorKind::database, [&] { decode(ByteView(value).substr(0, n)); });
    }
    require_error(ErrorKind::database, [&] { decode(value + "x"); });
    Random random(60);
    for (int round = 0; round < 5000; ++round) {
        auto altered = value;
        altered[random.below(altered.size())] = static_cast<char>(random.octet());
        auto e = error_of([&] { decode(altered); });
        if (e && e->kind() != ErrorKind::database) FAIL(e->what());
    }
}

}  // namespace

TEST_CASE("Every field of an order record survives storing") {
    check_same(ledger::decode_order_record(ledger::encode(full())), full());
}

TEST_CASE("An order record of defaults survives storing") {
    check_same(ledger::decode_order_record(ledger::encode(policy::OrderRecord{})), policy::OrderRecord{});
}

TEST_CASE("Every action and kind survives storing, and so does no action") {
    policy::OrderRecord r;
    for (int kind = 0; kind <= 2; ++kind)
        for (int action = -1; action <= 6; ++action) {
            r.kind = static_cast<policy::OrderKind>(kind);
            r.action = action < 0 ? std::nullopt : std::optional(static_cast<policy::Action>(action));
            check_same(ledger::decode_order_record(ledger::encode(r)), r);
        }
}

TEST_CASE("A damaged order record is reported as corruption") {
    check_damage_is_reported(ledger::encode(full()), ledger::decode_order_record);
}

TEST_CASE("An order record of unknown kind or action is reported as corruption") {
    auto value = ledger::encode(full());
    value[0] = 3;
    require_error(ErrorKind::database, [&] { ledger::decode_order_record(value); }, {"unknown kind 3"});
    value = ledger::encode(full());
    value[1] = 7;
    require_error(ErrorKind::database, [&] { ledger::decode_order_record(value); }, {"unknown action 7"});
}

TEST_CASE("The state of an order follows time and lifting") {
    policy::OrderRecord r;
    r.effective = 10;
    r.expires = 20;
    CHECK(r.state(9) == policy::OrderState::upcoming);
    CHECK(r.state(10) == policy::OrderState::active);
    CHECK(r.state(19) == policy::OrderState::active);
    CHECK(r.state(20) == policy::OrderState::expired);
    r.lifted = 15;
    CHECK(r.state(14) == policy::OrderState::active);
    CHECK(r.state(15) == policy::OrderState::revoked);
    CHECK(r.state(25) == policy::OrderState::revoked);
    for (UnixTime t = 5; t < 30; ++t) CHECK(r.in_force(t) == (r.state(t) == policy::OrderState::active));
}

TEST_CASE("Entries read back in order") {
    Bytes value;
    policy::append(value, {1, policy::Match::subtree});
    policy::append(value, {0xffffffff, policy::Match::exact});
    policy::Entries entries(value);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0] == policy::Entry{1, policy::Match::subtree});
    CHECK(entries[1] == policy::Entry{0xffffffff, policy::Match::exact});
    CHECK(policy::Entries("").size() == 0);
}

TEST_CASE("Removing an order from entries leaves the others in order") {
    Bytes value;
    for (policy::OrderIndex i : {1, 2, 3}) policy::append(value, {i, policy::Match::subtree});
    auto without_2 = policy::without_order(value, 2);
    REQUIRE(policy::Entries(without_2).size() == 2);
    CHECK(policy::Entries(without_2)[0].order == 1);
    CHECK(policy::Entries(without_2)[1].order == 3);
    CHECK(policy::without_order(value, 9) == value);
    CHECK(policy::match_of(value, 3) == policy::Match::subtree);
    CHECK_FALSE(policy::match_of(without_2, 2));
}

TEST_CASE("Entries of a wrong length or unknown match are reported as corruption") {
    Bytes value;
    policy::append(value, {1, policy::Match::subtree});
    for (std::size_t n = 1; n < value.size(); ++n)
        require_error(ErrorKind::database, [&] { policy::Entries(ByteView(value).substr(0, n)); });
    value[4] = 3;
    require_error(ErrorKind::database, [&] { (void)(policy::Entries{value}[0]); }, {"unknown match 3"});
}

TEST_CASE("A document and its signatures survive storing, and damage is reported") {
    ledger::Document d{octets("{\0}"), {{"a.minisig", "one"}, {"", ""}}};
    auto value = encode(d);
    auto again = ledger::decode_document(value);
    CHECK(again.content == d.content);
    CHECK(again.signatures == d.signatures);
    check_damage_is_reported(value, ledger::decode_document);
}

TEST_CASE("An invalid prefix key is reported as corruption") {
    CHECK(prefix_key(Prefix::parse("203.0.113.0/28")) == octets("\4\313\0\161\0\34"));
    for (const Bytes& key :
         {Bytes(), Bytes("\4"), octets("\4\313\0\161\0"), octets("\4\313\0\161\0\34\0"), octets("\6\313\0\161\0\34"),
          octets("\4\313\0\161\0\41"), '\6' + Bytes(16, '\0') + '\201', '\5' + Bytes(16, '\0') + '\1'}) {
        INFO(Catch::Detail::stringify(key));
        require_error(ErrorKind::database, [&] { prefix_of_key(key); });
    }
}

}  // namespace saring::test::records_codec_test
