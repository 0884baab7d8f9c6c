#include "ledger/lifts.h"

#include <algorithm>

#include "ledger/stored_order.h"

namespace saring::ledger {
namespace {

// Suffix of a lookup key. Unambiguous: in a key, byte 1 is always followed by 1 or 2.
constexpr char and_below = '\1';

policy::OrderIndex index_of(ByteView value) { return static_cast<policy::OrderIndex>(from_be(value)); }

// The ids of all orders except `but`, to suggest which one was meant.
std::vector<std::string> ids(const Snapshot& s, policy::OrderIndex but) {
    std::vector<std::string> out;
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        if (index != but && r.kind == policy::OrderKind::order) out.push_back(r.id);
    });
    return out;
}

// The reason why the order at `by` lifted nothing of `lifted`; empty when it lifted something.
Message why_idle(const Snapshot& s, policy::OrderIndex by, const policy::OrderRecord& lifting,
                 const order::Revocation& r, policy::OrderIndex index) {
    auto record = s.order(index);
    auto document = s.document(index);
    if (!document) return {};  // a list: its names are not stored with it
    order::Order lifted = stored_order(*document, record.id);
    if (auto why = why_nothing_is_lifted(r, lifted); !why.empty()) return why;
    if (record.expires <= lifting.applied)
        return msg("order %1 had expired %2", record.id, format_rfc3339(record.expires));
    bool lifted_by_this = record.lifted_by == "order " + lifting.id;
    if (record.lifted != policy::never && !lifted_by_this && record.lifted <= lifting.applied)
        return msg("order %1 was lifted already, %2 by %3", record.id, format_rfc3339(record.lifted), record.lifted_by);
    if (!r.domain) return {};
    std::string earlier;
    for (const auto& d : lifted.domains) {
        if (!lifts(r, d.name)) continue;
        auto first = lifter_of(s.transaction(), s.tables(), record.id, LookupKey(d.name).view());
        if (!first || *first == by) return {};
        earlier = s.order(*first).id;
    }
    return msg("%1 was lifted already by order %2", in_words(r), earlier);
}

}  // namespace

Bytes lift_key(ByteView id, ByteView name, bool below) {
    Bytes key = Bytes(id) + '\0' + Bytes(name);
    if (below) key.push_back(and_below);
    return key;
}

Bytes lift_key(const order::Revocation& r) {
    return r.domain ? lift_key(r.order, LookupKey(*r.domain).view(), r.match != policy::Match::exact)
                    : lift_key(r.order, {});
}

std::optional<policy::OrderIndex> lifter_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id) {
    auto by = txn.get(tables.lifts, lift_key(id, {}));
    return by ? std::optional(index_of(*by)) : std::nullopt;
}

std::optional<policy::OrderIndex> lifter_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id,
                                            ByteView name) {
    std::optional<policy::OrderIndex> first;
    auto consider = [&](const Bytes& key) {
        if (auto by = txn.get(tables.lifts, key); by && (!first || index_of(*by) < *first)) first = index_of(*by);
    };
    consider(lift_key(id, name));
    // In a key a zero byte occurs only at a label's end: every ancestor's key ends with one.
    for (std::size_t end = 0; end < name.size(); ++end)
        if (name[end] == '\0') consider(lift_key(id, name.substr(0, end + 1), true));
    return first;
}

bool lifts_names_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id) {
    Bytes prefix = lift_key(id, {});
    lmdb::Cursor cursor(txn, tables.lifts);
    auto found = cursor.at_or_after(prefix);
    if (found && found->key == prefix) found = cursor.next();  // skip the lift of the whole order
    return found && found->key.substr(0, prefix.size()) == prefix;
}

bool only_lifts(const Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& record) {
    if (record.kind != policy::OrderKind::order || record.names > 0 || record.addresses > 0) return false;
    auto document = s.document(index);
    return document && stored_order(*document, record.id).lists_nothing();
}

std::vector<IdleLift> idle_lifts(const Snapshot& s, policy::OrderIndex index) {
    auto document = s.document(index);
    if (!document) return {};
    auto record = s.order(index);
    std::vector<IdleLift> out;
    for (const auto& r : stored_order(*document, record.id).revokes) {
        auto lifted = s.find_order(r.order);
        Message why = lifted ? why_idle(s, index, record, r, *lifted)
                             : order::why_unknown(r.order, msg("the database"), ids(s, index)) +
                                   msg("; if it arrives later, the lift counts");
        if (!why.empty()) out.push_back({r, why});
    }
    return out;
}

std::vector<LiftedName> lifted_names(const Snapshot& s, policy::OrderIndex index) {
    std::vector<LiftedName> out;
    auto record = s.order(index);
    auto document = s.document(index);
    if (!document || !lifts_names_of(s.transaction(), s.tables(), record.id)) return out;
    for (const auto& d : stored_order(*document, record.id).domains)
        if (auto by = lifter_of(s.transaction(), s.tables(), record.id, LookupKey(d.name).view())) {
            auto lifting = s.order(*by);
            out.push_back({d.name, std::max(lifting.applied, record.applied), lifting.id});
        }
    return out;
}

}  // namespace saring::ledger
