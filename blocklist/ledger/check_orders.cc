#include <sodium.h>

#include "ledger/check.h"
#include "ledger/edition.h"
#include "ledger/feed_state.h"
#include "ledger/quarantine.h"
#include "order/parse_stored_order.h"

namespace saring::ledger {
namespace {

// Compares the fields that the record repeats from the document.
void compare_terms(const order::Order& order, const policy::OrderRecord& r, const Message& where, Findings& out) {
    auto differ = [&](bool same, const Message& what) {
        if (!same) out.add(where, msg("has a different %1 in its record and in its document", what));
    };
    differ(order.id == r.id, msg("id"));
    differ(order.authority == r.authority, msg("authority"));
    differ(order.category == r.category, msg("category"));
    differ(order.action == r.action, msg("action"));
    differ(order.issued == r.issued && order.effective == r.effective && order.expires == r.expires, msg("period"));
    differ(order.deadline.value_or(policy::never) == r.deadline, msg("deadline"));
    differ(order.regions == r.regions, msg("set of regions"));
}

void check_document(const Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& r, const Message& where,
                    const trust::TrustPolicy* keys, Findings& out) {
    auto document = checked(out, where, [&] { return s.document(index); });
    if (!document) return;
    if (!*document) {
        if (r.kind == policy::OrderKind::order) out.add(where, msg("has no document"));
        return;
    }
    const Document& d = **document;
    if (document_digest(d.content) != r.digest)
        return out.add(where, msg("has another document than the one that was applied: its digest differs"));
    auto order = checked(out, where, [&] { return order::parse_stored_order(d.content, "document"); });
    if (order) compare_terms(*order, r, where, out);
    if (!keys || r.kind != policy::OrderKind::order) return;
    std::vector<trust::SignatureFile> files;
    for (const auto& [name, content] : d.signatures) files.push_back({name, content});
    try {
        trust::require_trust(check_signatures(*keys, trust::KeyRole::order, d.content, files, r.applied), "document");
    } catch (const Error& e) { out.add_signature(where, e.why()); }
}

bool is_order(const Snapshot& s, ByteView index) {
    return index.size() == sizeof(policy::OrderIndex) && s.transaction().get(s.tables().orders, index);
}

// Checks a table keyed by order index: the order must exist, and the value must be valid for the table.
template <typename Decode>
void check_owned(const Snapshot& s, MDB_dbi table, const char* what, Decode decode, Findings& out) {
    lmdb::Cursor cursor(s.transaction(), table);
    for (auto item = cursor.first(); item; item = cursor.next()) {
        auto owner = item->key.substr(0, sizeof(policy::OrderIndex));
        auto where = msg("%1 of order index %2", what, from_be(owner));
        if (!is_order(s, owner)) out.add(where, msg("belong to no order"));
        checked(out, where, [&] {
            decode(*item);
            return true;
        });
    }
}

// Feed states are not part of the blocklist, but sync and status read them.
void check_feeds(const Snapshot& s, Findings& out) {
    lmdb::Cursor cursor(s.transaction(), s.tables().feeds);
    for (auto item = cursor.first(); item; item = cursor.next())
        checked(out, msg("feed %1", item->key), [&] { return decode_feed_state(item->value); });
}

}  // namespace

void check_orders(const Snapshot& s, const trust::TrustPolicy* signatures, Findings& out, Progress& progress) {
    const auto& txn = s.transaction();
    const auto& t = s.tables();
    progress.begin(msg("checking orders"), msg("orders"), txn.entries(t.orders));
    std::uint64_t looked_at = 0;
    lmdb::Cursor orders(txn, t.orders);
    for (auto item = orders.first(); item; item = orders.next()) {
        progress.at(++looked_at);
        auto index = static_cast<policy::OrderIndex>(from_be(item->key));
        if (item->key.size() != sizeof index) {
            out.add(msg("orders"), msg("have a key that is not an order index"));
            continue;
        }
        auto where = msg("order index %1", index);
        auto record = checked(out, where, [&] { return decode_order_record(item->value); });
        if (!record) continue;
        where = msg("order %1", record->id);
        if (txn.get(t.order_ids, record->id) != ByteView(be32(index))) out.add(where, msg("is not found by its id"));
        check_document(s, index, *record, where, signatures, out);
    }
    progress.end();
    lmdb::Cursor ids(txn, t.order_ids);
    for (auto item = ids.first(); item; item = ids.next()) {
        auto where = msg("order id %1", item->key);
        auto value = is_order(s, item->value) ? txn.get(t.orders, item->value) : std::nullopt;
        if (!value) {
            out.add(where, msg("refers to no order"));
            continue;
        }
        auto record = checked(out, where, [&] { return decode_order_record(*value); });
        if (record && record->id != item->key) out.add(where, msg("refers to order %1", record->id));
    }
    check_owned(
        s, t.documents, "documents", [](const auto&) {}, out);  // their content was checked above
    check_owned(
        s, t.texts, "texts", [](const auto& item) { decode_order_texts(item.value); }, out);
    auto read_quarantine = [](const auto& item) {
        auto held = read_held(item.key, item.value);
        if (!held.record.change.empty()) decode_edition_change(held.record.change);
    };
    check_owned(s, t.quarantine, "quarantine", read_quarantine, out);
    check_feeds(s, out);
    lmdb::Cursor lifts(txn, t.lifts);
    for (auto item = lifts.first(); item; item = lifts.next())
        if (!is_order(s, item->value))
            out.add(msg("revocation of order %1", item->key.substr(0, item->key.find('\0'))),
                    msg("is by an order that does not exist"));
}

}  // namespace saring::ledger
