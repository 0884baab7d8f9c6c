// The journal: one record a commit, chained by hash.
#include "ledger/journal.h"

#include "store_support.h"

namespace saring::test::journal_test {
namespace {

// Three commits and their records.
struct Written : Store {
    Written() {
        for (const char* id : {"B-1", "B-2", "B-3"}) apply(make_order(id, {std::string(id) + ".hoax.example"}));
    }
    std::optional<std::uint64_t> broken() const {
        return view([](const ledger::Snapshot& s) { return first_broken_journal(s.transaction(), s.tables()); });
    }
    template <typename F>
    void tamper(F work) {
        ledger::lmdb::WriteTxn txn(db->environment());
        work(txn, db->tables());
        ledger::lmdb::commit(std::move(txn));
    }
    void alter(std::uint64_t serial, std::size_t octet) {
        tamper([&](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) {
            Bytes value(*txn.get(t.journal, be64(serial)));
            value.at(octet) ^= 1;
            txn.put(t.journal, be64(serial), value);
        });
    }
    std::size_t size_of(std::uint64_t serial) const {
        return view(
            [&](const ledger::Snapshot& s) { return s.transaction().get(s.tables().journal, be64(serial))->size(); });
    }
};

}  // namespace

TEST_CASE("Every field of a journal record survives storing") {
    Store store;
    ledger::JournalRecord r;
    r.serial = 1;
    r.time = noon;
    r.operator_name = "ani";
    r.command = "order apply";
    r.detail = "by letter\nof today";
    r.orders = {"B-1", "B-2"};
    r.names_added = 1, r.names_removed = 2, r.addresses_added = 3, r.addresses_removed = 4;
    {
        ledger::lmdb::WriteTxn txn(store.db->environment());
        append_journal(txn, store.db->tables(), r);
        ledger::lmdb::commit(std::move(txn));
    }
    auto again = store.view([](const ledger::Snapshot& s) { return read_journal(s.transaction(), s.tables(), 1); });
    REQUIRE(again);
    CHECK(again->serial == r.serial);
    CHECK(again->time == r.time);
    CHECK(again->operator_name == r.operator_name);
    CHECK(again->command == r.command);
    CHECK(again->detail == r.detail);
    CHECK(again->orders == r.orders);
    CHECK(again->names_added == 1);
    CHECK(again->names_removed == 2);
    CHECK(again->addresses_added == 3);
    CHECK(again->addresses_removed == 4);
    CHECK(again->hash == r.hash);
    CHECK(r.hash.size() == 32);
}

TEST_CASE("The journal is read by serial, backwards and in order") {
    Written w;
    w.view([](const ledger::Snapshot& s) {
        CHECK(read_journal(s.transaction(), s.tables(), 2)->orders == std::vector<std::string>{"B-2"});
        CHECK_FALSE(read_journal(s.transaction(), s.tables(), 4));
        CHECK_FALSE(read_journal(s.transaction(), s.tables(), 0));
        CHECK(last_journal(s.transaction(), s.tables())->serial == 3);
        std::vector<std::uint64_t> serials;
        each_journal(s.transaction(), s.tables(), [&](const ledger::JournalRecord& r) { serials.push_back(r.serial); });
        CHECK(serials == std::vector<std::uint64_t>{1, 2, 3});
    });
}

TEST_CASE("An unaltered journal is valid, and so is an empty one") {
    Written w;
    CHECK_FALSE(w.broken());
    Store empty;
    empty.view([](const ledger::Snapshot& s) {
        CHECK_FALSE(first_broken_journal(s.transaction(), s.tables()));
        CHECK_FALSE(last_journal(s.transaction(), s.tables()));
    });
}

TEST_CASE("A record altered anywhere in the journal is detected") {
    Written pristine;
    for (std::size_t octet = 0; octet < pristine.size_of(2); ++octet) {
        INFO(octet);
        pristine.alter(2, octet);
        // An altered length may make the record unreadable, which throws Error; otherwise the record is named.
        std::optional<std::uint64_t> broken;
        auto e = error_of([&] { broken = pristine.broken(); });
        CHECK((e ? e->kind() == ErrorKind::database : broken == std::optional<std::uint64_t>(2)));
        pristine.alter(2, octet);
        REQUIRE_FALSE(pristine.broken());
    }
}

TEST_CASE("A record removed from the middle of the journal is detected") {
    Written w;
    w.tamper([](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) { txn.erase(t.journal, be64(2)); });
    CHECK(w.broken() == 2);
}

TEST_CASE("A record removed from either end of the journal is detected") {
    Written first, last;
    first.tamper([](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) { txn.erase(t.journal, be64(1)); });
    CHECK(first.broken() == 1);
    last.tamper([](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) { txn.erase(t.journal, be64(3)); });
    CHECK(last.broken() == 3);
}

TEST_CASE("An emptied journal is detected") {
    Written w;
    w.tamper([](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) {
        for (std::uint64_t s : {1, 2, 3}) txn.erase(t.journal, be64(s));
    });
    CHECK(w.broken() == 1);
}

TEST_CASE("Two exchanged journal records are detected") {
    Written w;
    w.tamper([](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) {
        Bytes two(*txn.get(t.journal, be64(2))), three(*txn.get(t.journal, be64(3)));
        txn.put(t.journal, be64(2), three);
        txn.put(t.journal, be64(3), two);
    });
    CHECK(w.broken() == 2);
}

TEST_CASE("A journal record truncated at any byte is reported as corruption") {
    Written w;
    Bytes whole =
        w.view([](const ledger::Snapshot& s) { return Bytes(*s.transaction().get(s.tables().journal, be64(3))); });
    for (std::size_t n = 0; n < whole.size(); ++n) {
        INFO(n);
        w.tamper([&](ledger::lmdb::WriteTxn& txn, const ledger::Tables& t) {
            txn.put(t.journal, be64(3), ByteView(whole).substr(0, n));
        });
        require_error(ErrorKind::database, [&] { w.broken(); });
    }
}

TEST_CASE("Journal serials must rise by one") {
    Written w;
    ledger::lmdb::WriteTxn txn(w.db->environment());
    ledger::JournalRecord r;
    r.serial = 3;
    require_error(ErrorKind::database, [&] { append_journal(txn, w.db->tables(), r); });
}

}  // namespace saring::test::journal_test
