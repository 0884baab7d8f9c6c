// Values that no version of the writer produces are reported as damage, by readers and by db check, and never trusted.
// Each was found by a fuzzer (tests/fuzz) or while one was written.
#include "ledger/check.h"
#include "store_support.h"

namespace saring::test::damaged_values_test {
namespace {

template <typename F>
void damage(Store& store, F work) {
    ledger::lmdb::WriteTxn txn(store.db->environment());
    work(txn, store.db->tables());
    ledger::lmdb::commit(std::move(txn));
}

ledger::Findings check(const Store& store) {
    return store.view([](const ledger::Snapshot& s) { return check_content(s, {}); });
}

void require_found(const Store& store, const std::string& where, const std::string& what) {
    auto findings = check(store);
    for (const auto& f : findings.list()) UNSCOPED_INFO(f.where.english() + ": " + f.what.english());
    CHECK(std::any_of(findings.list().begin(), findings.list().end(), [&](const ledger::CheckFinding& f) {
        return f.where.english() == where && f.what.english().find(what) != std::string::npos;
    }));
}

const policy::Circumstances now{noon, nullptr, policy::Action::nxdomain};

}  // namespace

TEST_CASE("A key that ends within a label is damage, not an ancestor") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    // "exa" would be an ancestor of example, "example, ho" a name below it.
    for (const Bytes& key : {Bytes("exa"), octets("example\0ho")}) {
        INFO(key);
        damage(store, [&](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) {
            Bytes entry;
            policy::append(entry, {1, policy::Match::subtree});
            txn.put(t.names, key, entry);
        });
        store.view([&](const ledger::Snapshot& s) {
            require_error(ErrorKind::database,
                          [&] {
                              decide(s, name("example"), now);
                              decide(s, name("ho.example"), now);
                          },
                          {"corrupt"});
            return 0;
        });
        CHECK(check(store).total() > 0);
        damage(store, [&](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) { txn.erase(t.names, key); });
    }
    CHECK(check(store).total() == 0);
}

TEST_CASE("An order id whose value is not an index is damage") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    for (const Bytes& value : {Bytes(), Bytes(1, '\1'), be64(1)}) {
        damage(store,
               [&](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) { txn.put(t.order_ids, "B-1", value); });
        store.view([&](const ledger::Snapshot& s) {
            require_error(ErrorKind::database, [&] { s.find_order("B-1"); }, {"no order index"});
            return 0;
        });
        require_found(store, "order id B-1", "refers to no order");
    }
}

TEST_CASE("A damaged serial is found and does not prolong the check") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    damage(store, [](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) {
        txn.put(t.meta, ledger::meta_key::serial, octets("\xff\xff\xff\xff\xff\xff\xff\x7f"));
    });
    require_found(store, "journal records 2 to 9223372036854775807", "are missing");
}

TEST_CASE("The check finds unreadable texts, quarantine records and feed states") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    damage(store, [](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) {
        txn.put(t.texts, be32(1), "x");
        txn.put(t.quarantine, be32(1) + octets("\1no key"), "x");
        txn.put(t.feeds, "ministry", "x");
        txn.put(t.lifts, octets("B-1\0"), "");
    });
    require_found(store, "texts of order index 1", "cut short");
    require_found(store, "quarantine of order index 1", "unknown state");
    require_found(store, "feed ministry", "cut short");
    require_found(store, "revocation of order B-1", "does not exist");
}

TEST_CASE("The check finds keys in journal and changes that are not serials") {
    Store store;
    store.apply(make_order("B-1", {"hoax.example"}));
    // The first three sort before the last serial, so a look at the last key does not find them.
    for (const Bytes& key : {Bytes("\0", 1), be64(0), be64(1).substr(0, 7), be64(1) + 'x', Bytes("zz")})
        for (const char* table : {"journal", "changes"}) {
            INFO(table << " " << key.size());
            auto db = table == std::string_view("journal") ? store.db->tables().journal : store.db->tables().changes;
            damage(store, [&](ledger::lmdb::WriteTxn& txn, const ledger::Tables&) { txn.put(db, key, "x"); });
            require_found(store, std::string("table ") + table, "not a serial");
            damage(store, [&](ledger::lmdb::WriteTxn& txn, const ledger::Tables&) { txn.erase(db, key); });
        }
    damage(store, [&](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) { txn.put(t.changes, be64(9), "x"); });
    require_found(store, "table changes", "continues after");
}

}  // namespace saring::test::damaged_values_test
