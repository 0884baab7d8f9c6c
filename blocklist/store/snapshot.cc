#include "store/snapshot.h"

#include <algorithm>

namespace saring {

Snapshot::Snapshot(const lmdb::ReadTxn& txn, const Tables& tables)
    : txn_(txn), reading_(&txn), tables_(tables), names_(txn, tables.names), addresses_(txn, tables.addresses), state_(txn.id()) {}

Snapshot::Snapshot(const lmdb::WriteTxn& txn, const Tables& tables)
    : txn_(txn), reading_(nullptr), tables_(tables), names_(txn, tables.names), addresses_(txn, tables.addresses) {}

void Snapshot::renew(const lmdb::ReadTxn& txn) {
    names_.renew(txn);
    addresses_due_ = true;
    if (txn.id() == state_) return;
    state_ = txn.id();
    serial_.reset();
    address_count_.reset();
    orders_.clear();
}

lmdb::Cursor& Snapshot::addresses() const {
    if (addresses_due_) addresses_.renew(*reading_);
    addresses_due_ = false;
    return addresses_;
}

std::optional<Snapshot::Listed> Snapshot::closest_listed(const LookupKey& key, std::size_t labels) const {
    while (labels > 0) {
        ByteView wanted = key.ancestor(labels);
        auto found = names_.at_or_before(wanted);
        if (!found) return std::nullopt;
        auto differ = std::mismatch(wanted.begin(), wanted.end(), found->key.begin(), found->key.end());
        auto common = static_cast<std::size_t>(differ.first - wanted.begin());
        // The greatest key not above `wanted` is its closest ancestor if any ancestor
        // sorts that high; otherwise an ancestor can only be within the common part.
        std::size_t within = key.labels_within(common);
        if (found->key.empty())  // no name has that key, and the search would never end
            throw lmdb::Failure(lmdb::Fault::corrupt, "database", "corrupt: a name without labels", "restore a backup or sync again into a new database");
        if (common == found->key.size()) return Listed{within, Entries(found->value)};
        labels = std::min(labels - 1, within);
    }
    return std::nullopt;
}

std::optional<Snapshot::ListedPrefix> Snapshot::closest_listed(const Prefix& address, int length) const {
    Prefix wanted = address;
    while (length >= 0) {
        for (int bit = length; bit < wanted.length; ++bit)
            wanted.address[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80 >> bit % 8));
        wanted.length = static_cast<std::uint8_t>(length);
        auto found = addresses().at_or_before(prefix_key(wanted));
        if (!found) return std::nullopt;
        Prefix p = prefix_of_key(found->key);
        if (p.contains(wanted)) return ListedPrefix{p, Entries(found->value)};
        if (p.family != wanted.family) return std::nullopt;
        int common = 0;
        while (common < length && !((p.address[static_cast<std::size_t>(common / 8)] ^ wanted.address[static_cast<std::size_t>(common / 8)]) & (0x80 >> common % 8)))
            ++common;
        length = std::min(length - 1, common);
    }
    return std::nullopt;
}

OrderRecord Snapshot::order(OrderIndex index) const {
    auto v = txn_.get(tables_.orders, be32(index));
    if (!v)
        throw lmdb::Failure(lmdb::Fault::corrupt, "database", "corrupt: order index " + std::to_string(index) + " has no record",
                            "restore a backup or sync again into a new database");
    return decode_order_record(*v);
}

std::shared_ptr<const OrderRecord> Snapshot::shared_order(OrderIndex index) const {
    if (!reading_) return std::make_shared<const OrderRecord>(order(index));
    if (const auto& known = orders_.find(index)) return known;
    auto record = std::make_shared<const OrderRecord>(order(index));
    orders_.keep(index, record);
    return record;
}

std::optional<OrderIndex> Snapshot::find_order(ByteView id) const {
    if (id.empty() || id.size() > max_order_id) return std::nullopt;
    auto v = txn_.get(tables_.order_ids, id);
    if (!v) return std::nullopt;
    return static_cast<OrderIndex>(from_be(*v));
}

OrderTexts Snapshot::texts(OrderIndex index) const {
    auto v = txn_.get(tables_.texts, be32(index));
    return v ? decode_order_texts(*v) : OrderTexts{};
}

std::optional<Document> Snapshot::document(OrderIndex index) const {
    auto v = txn_.get(tables_.documents, be32(index));
    if (!v) return std::nullopt;
    return decode_document(*v);
}

}  // namespace saring
