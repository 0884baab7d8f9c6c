#include "ledger/snapshot.h"

#include <algorithm>

namespace saring::ledger {

std::optional<Snapshot::Listed> Snapshot::closest_listed(const LookupKey& key, std::size_t labels) const {
    while (labels > 0) {
        ByteView wanted = key.ancestor(labels);
        auto found = names_.at_or_before(wanted);
        std::size_t common = found ? common_size(wanted, found->key) : 0;
        // If any ancestor is listed above `common`, the greatest key not above `wanted` is the closest one; otherwise
        // an ancestor can only be within the common part.
        std::size_t within = key.labels_within(common);
        if (found && common == found->key.size()) {
            // No name's key ends within a label or is empty. Taking such a key for an ancestor would block names that
            // nobody listed, and loop forever.
            if (within == 0 || key.ancestor(within).size() != common)
                throw lmdb::Failure(lmdb::Fault::corrupt, msg("database"), msg("corrupt: a key that is not a name"),
                                    msg("restore a backup or sync again into a new database"));
            return Listed{within, policy::Entries(found->value)};
        }
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
        auto found = addresses_.at_or_before(prefix_key(wanted));
        if (!found) return std::nullopt;
        Prefix p = prefix_of_key(found->key);
        if (p.contains(wanted)) return ListedPrefix{p, policy::Entries(found->value)};
        if (p.family != wanted.family) return std::nullopt;
        int common = 0;
        while (common < length && !((p.address[static_cast<std::size_t>(common / 8)] ^
                                     wanted.address[static_cast<std::size_t>(common / 8)]) &
                                    (0x80 >> common % 8)))
            ++common;
        length = std::min(length - 1, common);
    }
    return std::nullopt;
}

policy::OrderRecord Snapshot::order(policy::OrderIndex index) const {
    auto v = txn_.get(tables_.orders, be32(index));
    if (!v)
        throw lmdb::Failure(lmdb::Fault::corrupt, msg("database"), msg("corrupt: order index %1 has no record", index),
                            msg("restore a backup or sync again into a new database"));
    return decode_order_record(*v);
}

std::shared_ptr<const policy::OrderRecord> Snapshot::shared_order(policy::OrderIndex index) const {
    return std::make_shared<const policy::OrderRecord>(order(index));
}

std::optional<policy::OrderIndex> Snapshot::find_order(ByteView id) const {
    if (id.empty() || id.size() > order::max_order_id) return std::nullopt;
    auto v = txn_.get(tables_.order_ids, id);
    if (!v) return std::nullopt;
    if (v->size() != sizeof(policy::OrderIndex))
        throw lmdb::Failure(lmdb::Fault::corrupt, msg("database"),
                            msg("corrupt: an order's id refers to no order index"),
                            msg("restore a backup or sync again into a new database"));
    return static_cast<policy::OrderIndex>(from_be(*v));
}

policy::OrderTexts Snapshot::texts(policy::OrderIndex index) const {
    auto v = txn_.get(tables_.texts, be32(index));
    return v ? decode_order_texts(*v) : policy::OrderTexts{};
}

std::optional<Document> Snapshot::document(policy::OrderIndex index) const {
    auto v = txn_.get(tables_.documents, be32(index));
    if (!v) return std::nullopt;
    return decode_document(*v);
}

}  // namespace saring::ledger
