// A database of a test's own, and its whole content as plain values.
#pragma once

#include <map>
#include <set>

#include "policy/decide.h"
#include "store/writer.h"
#include "support.h"

namespace saring::test {

constexpr UnixTime day = 86400;
constexpr UnixTime noon = 1700000000;  // "now" wherever only its order matters

struct Store {
    explicit Store(std::size_t map_size = std::size_t{64} << 20);

    TempDir dir;
    Config config;
    std::shared_ptr<Database> db;

    // Runs `work` on one consistent view.
    template <typename F>
    auto view(F work) const {
        lmdb::ReadTxn txn(db->environment());
        Snapshot snapshot(txn, db->tables());
        return work(snapshot);
    }
    // Runs `work` on a Writer and commits; the new serial.
    template <typename F>
    std::uint64_t write(F work, UnixTime now = noon) {
        Writer w(db);
        work(w);
        return w.commit({"test", "tester", "", now});
    }
    Applied apply(const Order& order, UnixTime now = noon);
    void revoke(const std::string& id, UnixTime now = noon);
    OrderRecord order(const std::string& id) const;
    bool has(const std::string& id) const;
    std::uint64_t serial() const;
};

// An order in force around noon. Each target is "hoax.example" (subtree), "=hoax.example"
// (exact) or an address with a "/" or ":" in it.
Order make_order(const std::string& id, const std::vector<std::string>& targets);
Document document_of(const Order& order);
NameSet names_of(const std::vector<std::string>& names);
ListInfo list_info(const std::string& source, UnixTime expires = noon + 30 * day);

// name or prefix -> "id" (subtree) or "=id" (exact) of every order that lists it.
using Listing = std::map<std::string, std::multiset<std::string>>;
Listing listing(const Store& store);

// Every table, key and value as stored: equal before and after means nothing changed.
using Dump = std::map<std::string, std::map<Bytes, Bytes>>;
Dump dump(const Store& store);

// Puts orders and entries straight into the tables, past the Writer, so that tests of
// the readers do not stand on it.
class Planter {
public:
    explicit Planter(Store& store) : store_(store), txn_(store.db->environment()) {}
    OrderIndex order(const OrderRecord& record);
    void list(const Bytes& key, std::vector<Entry> entries, bool address = false);
    void done() { lmdb::commit(std::move(txn_)); }

private:
    Store& store_;
    lmdb::WriteTxn txn_;
    OrderIndex next_ = 1;
};

}  // namespace saring::test
