// A database with values that no version of Saring writes. Readers report them by Error(database) or answer, and always
// end.
//
// Input: any number of { table u8, choice u8, key, value }. choice 0: the given key, else an
// existing record (number choice - 1 of the table); bit 7: only the given bytes of the
// value are changed, from the offset in the key's first byte.
#include <filesystem>

#include <stdlib.h>

#include "../fuzz.h"
#include "ledger/check.h"
#include "ledger/decide.h"
#include "ledger/feed_state.h"
#include "ledger/writer.h"

namespace saring::fuzz {
namespace {

constexpr UnixTime now = 1700000000;

order::Order order(const char* id, std::initializer_list<const char*> names,
                   std::initializer_list<const char*> addresses = {}) {
    order::Order o;
    o.id = id;
    o.authority = "Ministry of Examples";
    o.reason = {{"en", "a hoax"}};
    o.issued = o.effective = now - 1000;
    o.expires = now + 1000;
    for (const auto* n : names) o.domains.push_back({OwnerName::parse(n), policy::Match::subtree});
    for (const auto* a : addresses) o.addresses.push_back(Prefix::parse(a));
    return o;
}

// Made once; changes by inputs are never committed.
class Base {
public:
    Base() {
        char folder[] = "/tmp/saring-fuzz-XXXXXX";
        if (!::mkdtemp(folder)) broken("no room for a database");
        config_.database.path = folder;
        config_.database.map_size = std::size_t{4} << 20;
        db_ = ledger::Database::open_to_write(config_);
        auto commit = [&](auto work) {
            auto txn = std::make_unique<ledger::Writer>(db_);
            work(*txn);
            txn->commit({"fuzz", "fuzz", "", now});
        };
        auto apply = [&](const order::Order& o) {
            commit([&](ledger::Writer& w) {
                w.apply(o, {format_order(o), {{"s", "signature"}}}, "key", now,
                        {policy::OrderKind::order,
                         {{ledger::HeldKind::name, Bytes(LookupKey(OwnerName::parse("held.example")).view()),
                           policy::Match::subtree, "never-block", "why"}}});
            });
        };
        apply(order("B-1", {"hoax.example", "a.b.hoax.example"}, {"203.0.113.0/28"}));
        auto regional = order("B-2", {"hoax.example", "c.example", "held.example"}, {"2001:db8::/32"});
        regional.regions = {"ID-JK"};
        apply(regional);
        auto lifting = order("B-3", {"d.example"});
        lifting.revokes = {{"B-1", OwnerName::parse("hoax.example")}};
        apply(lifting);
        commit([&](ledger::Writer& w) {
            list::NameSet names;
            for (const auto* n : {"l1.example", "l2.example", "x.l2.example"})
                names.add(LookupKey(OwnerName::parse(n)).view());
            names.sort_unique();
            ledger::ListInfo info;
            info.source = "l";
            info.expires = now + 1000;
            w.replace_list(info, names, now);
            ledger::FeedState state;
            state.url = "https://feed.example/";
            state.serial = 3;
            w.put_feed("ministry", state);
        });
    }
    ~Base() {
        db_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(config_.database.path, ignored);
    }
    ledger::Database& db() { return *db_; }

private:
    config::Config config_;
    std::shared_ptr<ledger::Database> db_;
};

void plant(ledger::lmdb::WriteTxn& txn, const ledger::Tables& t, Input& in) {
    const MDB_dbi tables[] = {t.names, t.addresses,  t.orders,  t.order_ids, t.documents, t.texts,
                              t.lifts, t.quarantine, t.journal, t.changes,   t.feeds,     t.meta};
    auto table = tables[in.byte() % std::size(tables)];
    auto choice = in.byte();
    Bytes key(in.piece()), value(in.piece());
    if (unsigned number = choice & 0x7f) {
        ledger::lmdb::Cursor cursor(txn, table);
        auto item = cursor.first();
        while (item && --number > 0) item = cursor.next();
        if (!item) return;
        if (choice & 0x80) {
            Bytes whole(item->value);
            std::size_t at = key.empty() || whole.empty() ? 0 : static_cast<unsigned char>(key[0]) % whole.size();
            whole.replace(at, std::min(value.size(), whole.size() - at), value);
            value = whole;
        }
        key = item->key;
    }
    if (key.empty() || key.size() > 511) return;
    txn.put(table, key, value);
}

// Reads the database in every way. False: damage was reported.
bool read_all(const ledger::Snapshot& s) {
    bool good = true;
    auto reads = [&](auto work) { good &= accepted(ErrorKind::database, work); };
    const auto& txn = s.transaction();
    const auto& tables = s.tables();
    policy::Region jakarta{{"ID-JK"}, false};
    for (const auto* region :
         {static_cast<const policy::Region*>(nullptr), static_cast<const policy::Region*>(&jakarta)}) {
        policy::Circumstances c{now, region, policy::Action::nxdomain};
        for (const char* name : {"hoax.example", "www.hoax.example", "z.a.b.hoax.example", "d.example", "l2.example",
                                 "y.x.l2.example", "news.example", "example", "zz"})
            reads([&] { decide(s, OwnerName::parse(name), c); });
        for (const char* address : {"203.0.113.5", "198.51.100.1", "2001:db8::1"})
            reads([&] { decide(s, Prefix::parse(address), c); });
    }
    reads([&] {
        s.each_order([&](policy::OrderIndex i, const policy::OrderRecord&) {
            s.texts(i);
            s.document(i);
        });
    });
    for (const char* id : {"B-1", "B-2", "list:l"})
        reads([&] {
            if (auto i = s.find_order(id)) s.order(*i);
        });
    reads([&] { each_held(txn, tables, [](const ledger::Held& h) { target_text(h.kind, h.key); }); });
    reads([&] { count_held(txn, tables, now); });
    reads([&] { each_journal(txn, tables, [](const ledger::JournalRecord&) {}); });
    reads([&] { read_feed_states(txn, tables); });
    reads([&] { difference(s, std::min<std::uint64_t>(1, s.serial()), s.serial()); });
    return good;
}

}  // namespace

void one(ByteView input) {
    static Base base;
    const auto& tables = base.db().tables();
    ledger::lmdb::WriteTxn txn(base.db().environment());
    Input in(input);
    while (!in.empty()) plant(txn, tables, in);

    ledger::Snapshot s(txn, tables);
    bool good = read_all(s);
    std::optional<ledger::Findings> findings;
    bool readable = accepted(ErrorKind::database, [&] { s.serial(); });
    if (accepted(ErrorKind::database, [&] { findings = check_content(s, {}); }))
        demand(good || findings->total() > 0, "db check finds a database sound that cannot be read");
    else demand(!readable, "db check gives up on what LMDB can read");
    s.close();
}

}  // namespace saring::fuzz
