// Held editions of a list, expected counts, and truncated texts.
#include "ledger/edition.h"
#include "list/expected_count.h"
#include "listfile/cut_line.h"
#include "store_support.h"

namespace saring::test::list_editions_test {
namespace {

ledger::HeldEdition edition(const std::string& digest) { return {"large-change", "why " + digest, digest, {}}; }

struct Editions : Store {
    Editions() {
        write([](ledger::Writer& w) { w.replace_list(list_info("x"), names_of({"a.example"}), noon); });
    }
    void hold(const std::string& digest) {
        write([&](ledger::Writer& w) { w.hold_edition("list:x", edition(digest), noon); });
    }
    void take(const std::string& digest) {
        write([&](ledger::Writer& w) { w.take_edition("list:x", digest, noon); });
    }
    void decide(bool release) {
        write([&](ledger::Writer& w) {
            w.decide_held("list:x", ledger::HeldKind::whole, {}, {release, "ani", "letter", noon});
        });
    }
    bool released(const std::string& digest) {
        ledger::Writer w(db);
        return w.is_edition_released("list:x", digest);
    }
    std::map<std::string, ledger::HeldState> states() const {
        return view([](const ledger::Snapshot& s) {
            std::map<std::string, ledger::HeldState> out;
            for (const auto& h : editions_of(s.transaction(), s.tables(), *s.find_order("list:x")))
                out[h.record.digest] = h.record.state;
            return out;
        });
    }
};

}  // namespace

TEST_CASE("A release applies to one edition only") {
    Editions store;
    store.hold("one");
    store.decide(true);
    store.hold("two");
    CHECK(store.released("one"));
    CHECK_FALSE(store.released("two"));
    CHECK(store.states() == std::map<std::string, ledger::HeldState>{{"one", ledger::HeldState::released},
                                                                     {"two", ledger::HeldState::held}});
    store.take("one");
    CHECK_FALSE(store.released("one"));
    CHECK(store.states() == std::map<std::string, ledger::HeldState>{{"one", ledger::HeldState::closed},
                                                                     {"two", ledger::HeldState::closed}});
}

TEST_CASE("Of consecutive editions only the last is held") {
    Editions store;
    for (const char* digest : {"one", "two", "three", "three"}) store.hold(digest);
    CHECK(store.states() == std::map<std::string, ledger::HeldState>{{"one", ledger::HeldState::closed},
                                                                     {"two", ledger::HeldState::closed},
                                                                     {"three", ledger::HeldState::held}});
    store.hold("one");
    CHECK(store.states()["one"] == ledger::HeldState::held);
}

TEST_CASE("An edition held under an old key can be decided and applied") {
    Editions store;
    {
        ledger::HeldRecord r;
        r.since = noon;
        r.rule = "large-change";
        r.digest = "old";
        ledger::lmdb::WriteTxn txn(store.db->environment());
        txn.put(store.db->tables().quarantine, quarantine_key(1, ledger::HeldKind::whole, {}), encode(r));
        ledger::lmdb::commit(std::move(txn));
    }
    store.decide(true);
    CHECK(store.released("old"));
    store.take("old");
    CHECK_FALSE(store.released("old"));
}

TEST_CASE("An edition's change survives storing, and is a sample when it is very large") {
    std::vector<ledger::EntryChange> made;
    for (unsigned i = 0; i < 50000; ++i)
        made.push_back({false, false, {1, policy::Match::subtree}, key_of("n" + std::to_string(i) + ".example")});
    made.push_back({true, true, {1, policy::Match::subtree}, prefix_key(Prefix::parse("203.0.113.5"))});
    auto again = ledger::decode_edition_change(encode(ledger::EditionChange::of(made, 1, 50000)));
    CHECK(again.added == 1);
    CHECK(again.removed == 50000);
    REQUIRE(again.entries.size() == ledger::EditionChange::max_entries + 1);
    CHECK(again.entries[0].key == made[0].key);
    CHECK(again.entries[ledger::EditionChange::max_entries - 1].key > made[49000].key);
    CHECK(again.entries.back().address);
    require_error(ErrorKind::database, [&] {
        ledger::decode_edition_change(ByteView(encode(ledger::EditionChange::of(made, 1, 2))).substr(0, 30));
    });
}

TEST_CASE("An expected count is a number or a range") {
    CHECK(list::ExpectedCount::parse("900", "f").min == 900);
    CHECK(list::ExpectedCount::parse("900", "f").max == 900);
    CHECK(list::ExpectedCount::parse("1-2", "f").max == 2);
    for (const char* bad : {"", "x", "-1", "1-", "2-1", "0", "1-2-3", "1 ", "99999999999999999999"})
        require_error(ErrorKind::usage, [&] { list::ExpectedCount::parse(bad, "expect_count"); },
                      {"expect_count", bad});
}

TEST_CASE("A name at the end of a text may be cut if a longer ending is known") {
    auto goes_on = [](const char* text, const std::vector<std::string>& others) {
        auto all = others;
        all.emplace_back(text);
        return listfile::may_be_cut(name(text), names_of(all));
    };
    CHECK(goes_on("x.exam", {"a.example"}));
    CHECK(goes_on("x.exam", {}));
    CHECK(goes_on("bank.co", {"x.co.id"}));
    CHECK(goes_on("bank.co", {}));
    CHECK(goes_on("bank.i", {"x.id"}));
    CHECK(goes_on("hoax.www", {"a.example"}));
    CHECK_FALSE(goes_on("x.example", {"a.example", "b.test"}));
    CHECK_FALSE(goes_on("x.example", {}));
    CHECK_FALSE(goes_on("x.co.id", {"y.co.id", "z.com"}));
    CHECK_FALSE(goes_on("bank.com", {"x.org"}));
    CHECK_FALSE(goes_on("x.intern", {"y.intern"}));
}

TEST_CASE("An address at the end of a text may be cut if another digit fits") {
    for (const char* text : {"203.0.113.2", "203.0.113.25", "2001:db8::1", "192.0.0.0/2"}) {
        INFO(text);
        CHECK(listfile::may_be_cut(Prefix::parse(text)));
    }
    for (const char* text : {"198.51.100.0", "203.0.113.26", "203.0.113.70", "203.0.113.250", "203.0.113.0/24",
                             "2001:db8::/32", "2001:db8::1234"}) {
        INFO(text);
        CHECK_FALSE(listfile::may_be_cut(Prefix::parse(text)));
    }
}

}  // namespace saring::test::list_editions_test
