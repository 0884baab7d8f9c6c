#include "order/order.h"
#include "store/check.h"

#include <sodium.h>

namespace saring {
namespace {

Bytes digest_of(ByteView content) {
    Bytes out(32, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(), reinterpret_cast<const unsigned char*>(content.data()), content.size(), nullptr, 0);
    return out;
}

// The record repeats what queries need of the document.
void compare_terms(const Order& order, const OrderRecord& r, const std::string& where, Findings& out) {
    auto differ = [&](bool same, const char* what) {
        if (!same) out.add(where, std::string("has another ") + what + " in its record than in its document");
    };
    differ(order.id == r.id, "id");
    differ(order.authority == r.authority, "authority");
    differ(order.category == r.category, "category");
    differ(order.action == r.action, "action");
    differ(order.issued == r.issued && order.effective == r.effective && order.expires == r.expires, "period");
    differ(order.deadline.value_or(never) == r.deadline, "deadline");
    differ(order.regions == r.regions, "set of regions");
}

void check_document(const Snapshot& s, OrderIndex index, const OrderRecord& r, const std::string& where, const TrustPolicy* keys, Findings& out) {
    auto document = checked(out, where, [&] { return s.document(index); });
    if (!document) return;
    if (!*document) {
        if (r.kind == OrderKind::order) out.add(where, "has no document");
        return;
    }
    const Document& d = **document;
    if (digest_of(d.content) != r.digest) return out.add(where, "has another document than the one that was applied: its digest differs");
    auto order = checked(out, where, [&] { return parse_order(d.content, "document"); });
    if (order) compare_terms(*order, r, where, out);
    if (!keys || r.kind != OrderKind::order) return;
    std::vector<SignatureFile> files;
    for (const auto& [name, content] : d.signatures) files.push_back({name, content});
    checked(out, where, [&] {
        require_trust(check_signatures(*keys, KeyRole::order, d.content, files, r.applied), "document");
        return true;
    });
}

// Every key of a table that belongs to an order: the order must be there.
void check_owner(const Snapshot& s, MDB_dbi table, const char* what, Findings& out) {
    lmdb::Cursor cursor(s.transaction(), table);
    for (auto item = cursor.first(); item; item = cursor.next())
        if (!s.transaction().get(s.tables().orders, item->key)) out.add(std::string(what) + " of order index " + std::to_string(from_be(item->key)), "belong to no order");
}

}  // namespace

void check_orders(const Snapshot& s, const TrustPolicy* signatures, Findings& out) {
    const auto& txn = s.transaction();
    const auto& t = s.tables();
    lmdb::Cursor orders(txn, t.orders);
    for (auto item = orders.first(); item; item = orders.next()) {
        auto index = static_cast<OrderIndex>(from_be(item->key));
        std::string where = "order index " + std::to_string(index);
        auto record = checked(out, where, [&] { return decode_order_record(item->value); });
        if (!record) continue;
        where = "order " + record->id;
        if (txn.get(t.order_ids, record->id) != ByteView(be32(index))) out.add(where, "is not found by its id");
        check_document(s, index, *record, where, signatures, out);
    }
    lmdb::Cursor ids(txn, t.order_ids);
    for (auto item = ids.first(); item; item = ids.next()) {
        auto value = txn.get(t.orders, item->value);
        std::string where = "order id " + Bytes(item->key);
        if (!value) {
            out.add(where, "leads to no order");
            continue;
        }
        auto record = checked(out, where, [&] { return decode_order_record(*value); });
        if (record && record->id != item->key) out.add(where, "leads to order " + record->id);
    }
    check_owner(s, t.documents, "documents", out);
    check_owner(s, t.texts, "texts", out);
    lmdb::Cursor lifts(txn, t.lifts);
    for (auto item = lifts.first(); item; item = lifts.next())
        if (!txn.get(t.orders, item->value)) out.add("revocation of order " + Bytes(item->key.substr(0, item->key.find('\0'))), "is by an order that is not there");
}

}  // namespace saring
