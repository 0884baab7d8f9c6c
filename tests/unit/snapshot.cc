// Queries of a Snapshot about orders and itself.
#include "ledger/snapshot.h"

#include "policy_support.h"

namespace saring::test::snapshot_test {
namespace {

std::optional<policy::OrderIndex> find(const Store& store, ByteView id) {
    return store.view([&](const ledger::Snapshot& s) { return s.find_order(id); });
}

}  // namespace

TEST_CASE("An empty blocklist has serial 0 and no content") {
    Store store;
    store.view([](const ledger::Snapshot& s) {
        CHECK(s.serial() == 0);
        CHECK(s.name_count() == 0);
        CHECK(s.address_count() == 0);
        s.each_order([](policy::OrderIndex, const policy::OrderRecord&) { FAIL("there is no order"); });
    });
}

TEST_CASE("Listed names and prefixes are counted once however many orders list them") {
    Policy policy({Rule("B-1", {"hoax.example", "www.hoax.example", "203.0.113.0/24"}),
                   Rule("B-2", {"=hoax.example", "203.0.113.0/24", "2001:db8::/32", "::/0"})});
    policy.store.view([](const ledger::Snapshot& s) {
        CHECK(s.name_count() == 2);
        CHECK(s.address_count() == 3);
    });
}

TEST_CASE("Orders are visited in the order of their indexes") {
    std::vector<Rule> rules;
    for (int i = 0; i < 300; ++i) rules.emplace_back("B-" + std::to_string((i * 7) % 300), std::vector<std::string>{});
    std::vector<std::pair<policy::OrderIndex, std::string>> seen, expected;
    for (std::size_t i = 0; i < rules.size(); ++i) expected.emplace_back(i + 1, rules[i].id);
    Policy(rules).store.view([&](const ledger::Snapshot& s) {
        s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) { seen.emplace_back(index, r.id); });
    });
    CHECK(seen == expected);
}

TEST_CASE("An order is found only by its exact id") {
    Policy policy({Rule("B-1", {}), Rule("B-12", {}), Rule("list:uji", {})});
    CHECK(find(policy.store, "B-1") == 1u);
    CHECK(find(policy.store, "B-12") == 2u);
    CHECK(find(policy.store, "list:uji") == 3u);
    for (ByteView id : {"B-", "B-123", "b-1", "B-1 ", "uji"}) CHECK_FALSE(find(policy.store, id));
    CHECK_FALSE(find(policy.store, octets("B-1\0")));
}

TEST_CASE("An impossible id is not found, which is not an error") {
    Policy policy({Rule(std::string(order::max_order_id, 'x'), {})});
    CHECK(find(policy.store, std::string(order::max_order_id, 'x')) == 1u);
    CHECK_FALSE(find(policy.store, ""));
    for (std::size_t size : {order::max_order_id + 1, std::size_t{511}, std::size_t{512}, std::size_t{100000}})
        CHECK_FALSE(find(policy.store, std::string(size, 'x')));
}

TEST_CASE("An order's record is read by its index") {
    Policy policy({Rule("B-1", {}), Rule("B-2", {}).does(policy::Action::drop).in({"ID-JK"}).lifted_at(noon)});
    policy.store.view([](const ledger::Snapshot& s) {
        CHECK(ledger::encode(s.order(2)) ==
              ledger::encode(static_cast<const policy::OrderRecord&>(
                  Rule("B-2", {}).does(policy::Action::drop).in({"ID-JK"}).lifted_at(noon))));
    });
}

TEST_CASE("A missing order is reported as corruption with its index") {
    Policy policy({Rule("B-1", {})});
    policy.store.view([](const ledger::Snapshot& s) {
        for (policy::OrderIndex index :
             {policy::OrderIndex{0}, policy::OrderIndex{2}, std::numeric_limits<policy::OrderIndex>::max()})
            require_error(ErrorKind::database, [&] { s.order(index); }, {"corrupt", std::to_string(index)});
    });
}

TEST_CASE("An order's texts and document are read back as applied") {
    Store store;
    order::Order order = make_order("B-1", {"hoax.example"});
    order.reason = {{"id", "kabar bohong"}, {"en", "a hoax"}};
    order.contact = {"mailto:aduan@ministry.example"};
    order.legal_basis = "Law 1";
    order.reference = "https://ministry.example/b1";
    order.clarification = "https://ministry.example/truth";
    store.apply(order);
    store.view([&](const ledger::Snapshot& s) {
        auto index = *s.find_order("B-1");
        auto texts = s.texts(index);
        CHECK(texts.reason == order.reason);
        CHECK(texts.contact == order.contact);
        CHECK(texts.legal_basis == order.legal_basis);
        CHECK(texts.reference == order.reference);
        CHECK(texts.clarification == order.clarification);
        auto document = s.document(index);
        REQUIRE(document);
        CHECK(document->content == format_order(order));
        CHECK(document->signatures == document_of(order).signatures);
    });
}

TEST_CASE("An order without texts and document has empty texts and no document") {
    Policy policy({Rule("list:uji", {}).is(policy::OrderKind::list)});
    policy.store.view([](const ledger::Snapshot& s) {
        CHECK(s.texts(1).reason.empty());
        CHECK(s.texts(1).reference.empty());
        CHECK_FALSE(s.document(1));
    });
}

TEST_CASE("A Snapshot keeps its view while others commit") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example", "203.0.113.7/32"}));
    ledger::lmdb::ReadTxn txn(store.db->environment());
    ledger::Snapshot s(txn, store.db->tables());
    auto blocked = [&](const char* text) { return decide(s, name(text), at_noon()).outcome == policy::Outcome::block; };
    auto address_blocked = [&](const char* text) {
        return decide(s, Prefix::parse(text), at_noon()).outcome == policy::Outcome::block;
    };
    CHECK(blocked("hoax.example"));
    CHECK(address_blocked("203.0.113.7"));
    store.revoke("B-1");
    store.apply(make_order("B-2", {"other.example", "www.other.example", "203.0.113.8/32", "2001:db8::/32"}));
    CHECK(s.serial() == 1);
    CHECK(s.name_count() == 1);
    CHECK(s.address_count() == 1);
    CHECK(blocked("hoax.example"));
    CHECK_FALSE(blocked("other.example"));
    CHECK(address_blocked("203.0.113.7"));
    CHECK_FALSE(address_blocked("203.0.113.8"));
    CHECK_FALSE(s.find_order("B-2"));
    CHECK(s.order(1).lifted == policy::never);
}

TEST_CASE("Two Snapshots of different commits answer side by side") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    ledger::lmdb::ReadTxn before(store.db->environment());
    ledger::Snapshot old(before, store.db->tables());
    store.revoke("B-1");
    // A thread can have one read transaction, so the new view is a writer's.
    ledger::lmdb::WriteTxn after(store.db->environment());
    ledger::Snapshot fresh(after, store.db->tables());
    for (int i = 0; i < 3; ++i) {
        CHECK(decide(old, name("hoax.example"), at_noon()).outcome == policy::Outcome::block);
        CHECK(decide(fresh, name("hoax.example"), at_noon()).outcome == policy::Outcome::none);
    }
    fresh.close();
}

TEST_CASE("A Snapshot of a write transaction sees what it has written") {
    Store store;
    ledger::lmdb::WriteTxn txn(store.db->environment());
    ledger::Snapshot s(txn, store.db->tables());
    CHECK(s.name_count() == 0);
    Bytes value;
    policy::append(value, {1, policy::Match::subtree});
    txn.put(store.db->tables().names, key_of("hoax.example"), value);
    CHECK(s.name_count() == 1);
    LookupKey key(name("www.hoax.example"));
    CHECK(s.closest_listed(key, key.labels()));
    s.close();
}

}  // namespace saring::test::snapshot_test
