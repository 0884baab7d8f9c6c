// A test's own database, and its whole content as plain values.
#pragma once

#include <map>
#include <set>

#include "ledger/decide.h"
#include "ledger/writer.h"
#include "support.h"

namespace saring::test {

constexpr UnixTime day = 86400;
constexpr UnixTime noon = 1700000000;  // the present, where only the sequence of times matters

struct Store {
    explicit Store(std::size_t map_size = std::size_t{64} << 20);

    TempDir dir;
    config::Config config;
    std::shared_ptr<ledger::Database> db;

    // Calls `work` with one consistent view.
    template <typename F>
    auto view(F work) const {
        ledger::lmdb::ReadTxn txn(db->environment());
        ledger::Snapshot snapshot(txn, db->tables());
        return work(snapshot);
    }
    // Calls `work` with a Writer and commits; returns the new serial.
    template <typename F>
    std::uint64_t write(F work, UnixTime now = noon) {
        ledger::Writer w(db);
        work(w);
        return w.commit({"test", "tester", "", now});
    }
    ledger::Applied apply(const order::Order& order, UnixTime now = noon);
    void revoke(const std::string& id, UnixTime now = noon);
    policy::OrderRecord order(const std::string& id) const;
    bool has(const std::string& id) const;
    std::uint64_t serial() const;
};

// An order in force around noon. A target is "hoax.example" (subtree), "=hoax.example" (exact), or an address,
// recognised by a "/" or ":".
order::Order make_order(const std::string& id, const std::vector<std::string>& targets);
ledger::Document document_of(const order::Order& order);
list::NameSet names_of(const std::vector<std::string>& names);
ledger::ListInfo list_info(const std::string& source, UnixTime expires = noon + 30 * day);

// name or prefix -> "id" (subtree) or "=id" (exact) of each order that lists it.
using Listing = std::map<std::string, std::multiset<std::string>>;
Listing listing(const Store& store);

// Every stored table, key and value: equal dumps mean that nothing changed.
using Dump = std::map<std::string, std::map<Bytes, Bytes>>;
Dump dump(const Store& store);

// Writes orders and entries directly to the tables, past the Writer, so that tests of readers do not depend on it.
class Planter {
public:
    explicit Planter(Store& store) : store_(store), txn_(store.db->environment()) {}
    policy::OrderIndex order(const policy::OrderRecord& record);
    void list(const Bytes& key, std::vector<policy::Entry> entries, bool address = false);
    void done() { ledger::lmdb::commit(std::move(txn_)); }

private:
    Store& store_;
    ledger::lmdb::WriteTxn txn_;
    policy::OrderIndex next_ = 1;
};

}  // namespace saring::test
