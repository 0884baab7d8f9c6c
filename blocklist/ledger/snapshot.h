// One consistent view of the ledger, valid as long as its transaction. Not thread-safe: one user at a time.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "ledger/records.h"
#include "ledger/schema.h"
#include "name/lookup_key.h"

namespace saring::ledger {

class Snapshot {
public:
    // For a write transaction: sees its own writes at once.
    Snapshot(const lmdb::Transaction& txn, const Tables& tables)
        : txn_(txn), tables_(tables), names_(txn, tables.names), addresses_(txn, tables.addresses) {}
    // Call before a write transaction ends; no name can be looked up afterwards.
    void close() {
        names_.close();
        addresses_.close();
    }

    std::uint64_t serial() const { return read_serial(txn_, tables_); }
    std::size_t name_count() const { return txn_.entries(tables_.names); }
    std::size_t address_count() const { return txn_.entries(tables_.addresses); }

    // The closest listed name at or above the first `labels` labels of `key`: its number of labels, and its entries.
    // One or a few range searches, whatever the number of labels: a miss shows how much of the name is in the database,
    // and everything longer is skipped.
    struct Listed {
        std::size_t labels;
        policy::Entries entries;
    };
    std::optional<Listed> closest_listed(const LookupKey& key, std::size_t labels) const;

    // Whether `wanted` accepts the entries of a listed name below the key. With more than max_below listed names there:
    // true, without looking at the remaining ones.
    static constexpr unsigned max_below = 64;
    template <typename F>
    bool any_below(const LookupKey& key, F wanted) const {
        lmdb::Cursor cursor(txn_, tables_.names);
        auto below = cursor.at_or_after(key.view());
        for (unsigned seen = 0; below && below->key.substr(0, key.view().size()) == key.view(); below = cursor.next()) {
            if (below->key.size() == key.view().size()) continue;
            if (++seen > max_below || wanted(policy::Entries(below->value))) return true;
        }
        return false;
    }

    // The longest listed prefix that contains `address`, of at most `length` bits.
    struct ListedPrefix {
        Prefix prefix;
        policy::Entries entries;
    };
    std::optional<ListedPrefix> closest_listed(const Prefix& address, int length) const;

    // Throws Error(database) when there is no such order.
    policy::OrderRecord order(policy::OrderIndex index) const;
    std::shared_ptr<const policy::OrderRecord> shared_order(policy::OrderIndex index) const;
    std::optional<policy::OrderIndex> find_order(ByteView id) const;
    policy::OrderTexts texts(policy::OrderIndex index) const;  // empty when the order has none
    std::optional<Document> document(policy::OrderIndex index) const;

    template <typename F>
    void each_order(F visit) const {
        lmdb::Cursor cursor(txn_, tables_.orders);
        for (auto item = cursor.first(); item; item = cursor.next())
            visit(static_cast<policy::OrderIndex>(from_be(item->key)), decode_order_record(item->value));
    }

    const lmdb::Transaction& transaction() const { return txn_; }
    const Tables& tables() const { return tables_; }

private:
    const lmdb::Transaction& txn_;
    const Tables& tables_;
    mutable lmdb::Cursor names_, addresses_;
};

}  // namespace saring::ledger
