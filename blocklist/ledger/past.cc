#include "ledger/past.h"

#include <algorithm>
#include <set>

#include "ledger/quarantine.h"
#include "name/lookup_key.h"

namespace saring::ledger {

std::vector<Bytes> keys_over(const OwnerName& name) {
    LookupKey key(name);
    std::vector<Bytes> out;
    for (std::size_t labels = key.labels(); labels > 0; --labels) out.emplace_back(key.ancestor(labels));
    return out;
}

std::vector<Bytes> keys_over(const Prefix& address) {
    std::vector<Bytes> out;
    for (int length = address.length; length >= 0; --length) {
        Prefix p = address;
        p.length = static_cast<std::uint8_t>(length);
        for (std::size_t bit = static_cast<std::size_t>(length); bit < p.address.size() * 8; ++bit)
            p.address[bit / 8] = static_cast<std::uint8_t>(p.address[bit / 8] & ~(0x80u >> (bit % 8)));
        out.push_back(prefix_key(p));
    }
    return out;
}

Past::Past(const Snapshot& now, std::vector<Bytes> keys, bool addresses)
    : now_(now), keys_(std::move(keys)), addresses_(addresses), serial_(now.serial()) {
    MDB_dbi table = addresses ? now.tables().addresses : now.tables().names;
    for (const auto& key : keys_)
        if (auto value = now.transaction().get(table, key)) entries_[key] = Bytes(*value);
}

Past::UndoneCommit Past::back() {
    auto changes = read_changes(now_.transaction(), now_.tables(), serial_);
    UndoneCommit out;
    for (auto& e : changes.entries)
        if (e.address == addresses_ && std::find(keys_.begin(), keys_.end(), e.key) != keys_.end())
            out.entries.push_back(std::move(e));
    for (auto at = out.entries.rbegin(); at != out.entries.rend(); ++at) {
        Bytes& value = entries_[at->key];
        value = policy::without_order(value, at->entry.order);
        if (!at->added) value = policy::with_entry(value, at->entry);
    }
    // Names of a list that this commit added whole are not among its entries: all that the list has came with it.
    if (!addresses_)
        for (auto list : changes.whole_lists_added)
            for (const auto& key : keys_)
                if (auto match = policy::match_of(entries_[key], list)) {
                    entries_[key] = policy::without_order(entries_[key], list);
                    out.entries.push_back({true, false, {list, *match}, key});
                }
    for (const auto& r : changes.records) {
        if (r.table == RecordTable::orders) {
            auto index = static_cast<policy::OrderIndex>(from_be(r.key));
            out.orders[index] = order(index);
        }
        if (r.table != RecordTable::lifts) continue;
        auto by = record(r.table, r.key);
        if (auto lifting = by ? order(static_cast<policy::OrderIndex>(from_be(*by))) : std::nullopt)
            out.lifts[r.key] = lifting->id;
    }
    for (auto& r : changes.records) { undone_[{r.table, std::move(r.key)}] = std::move(r.image); }
    --serial_;
    return out;
}

Bytes Past::entries(const Bytes& key) const {
    auto at = entries_.find(key);
    return at == entries_.end() ? Bytes() : at->second;
}

std::optional<Bytes> Past::record(RecordTable table, const Bytes& key) const {
    if (auto at = undone_.find({table, key}); at != undone_.end()) return at->second;
    auto value = now_.transaction().get(handle_of(table, now_.tables()), key);
    return value ? std::optional(Bytes(*value)) : std::nullopt;
}

std::optional<policy::OrderRecord> Past::order(policy::OrderIndex index) const {
    auto value = record(RecordTable::orders, be32(index));
    return value ? std::optional(decode_order_record(*value)) : std::nullopt;
}

void Past::plant(lmdb::WriteTxn& txn, const Tables& tables) const {
    std::set<policy::OrderIndex> orders;
    for (const auto& [key, value] : entries_) {
        if (value.empty()) continue;
        txn.put(addresses_ ? tables.addresses : tables.names, key, value);
        policy::Entries all(value);
        for (std::size_t i = 0; i < all.size(); ++i) orders.insert(all[i].order);
    }
    auto hold = [&](const Bytes& key, ByteView value) {
        auto held = read_held(key, value);
        bool concerns =
            held.kind == HeldKind::whole || (held.kind == (addresses_ ? HeldKind::address : HeldKind::name) &&
                                             std::find(keys_.begin(), keys_.end(), held.key) != keys_.end());
        if (!concerns) return;
        txn.put(tables.quarantine, key, value);
        orders.insert(held.order);
    };
    lmdb::Cursor cursor(now_.transaction(), now_.tables().quarantine);
    for (auto item = cursor.first(); item; item = cursor.next())
        if (!undone_.count({RecordTable::quarantine, Bytes(item->key)})) hold(Bytes(item->key), item->value);
    for (const auto& [place, image] : undone_)
        if (place.first == RecordTable::quarantine && image) hold(place.second, *image);
    for (auto index : orders)
        for (auto table : {RecordTable::orders, RecordTable::documents, RecordTable::texts})
            if (auto value = record(table, be32(index))) {
                txn.put(handle_of(table, tables), be32(index), *value);
                if (table == RecordTable::orders)
                    txn.put(tables.order_ids, decode_order_record(*value).id, be32(index));
            }
    ByteWriter serial;
    serial.integer(serial_);
    txn.put(tables.meta, meta_key::serial, serial.take());
}

}  // namespace saring::ledger
