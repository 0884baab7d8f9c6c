#include <map>
#include <set>

#include "ledger/check.h"
#include "list/targets.h"
#include "order/parse_stored_order.h"

namespace saring::ledger {
namespace {

struct ObservedAnswer {
    std::uint64_t names = 0, addresses = 0;
    list::Targets list;  // only of lists, for the digest
};

// Whether no single name was ever lifted from this list, so that its digest still applies.
bool whole(const Snapshot& s, const std::string& id) {
    Bytes begin = id + '\0';
    auto item = lmdb::Cursor(s.transaction(), s.tables().lifts).at_or_after(begin);
    return !item || item->key.substr(0, begin.size()) != begin;
}

// Reports entries of the order that its document does not list.
void report_unlisted_entries(const Snapshot& s, policy::OrderIndex index, const order::Order& order,
                             const std::string& id, Findings& out) {
    std::set<Bytes> wanted;
    for (const auto& d : order.domains) wanted.emplace(LookupKey(d.name).view());
    for (const auto& p : order.addresses) wanted.insert(prefix_key(p));
    for (MDB_dbi table : {s.tables().names, s.tables().addresses}) {
        lmdb::Cursor cursor(s.transaction(), table);
        for (auto item = cursor.first(); item; item = cursor.next())
            if (policy::match_of(item->value, index) && !wanted.count(Bytes(item->key)))
                out.add(entry_place(table == s.tables().addresses, item->key),
                        msg("is listed by order %1, whose document does not list it", id));
    }
}

void check_against_document(const Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& r,
                            const ObservedAnswer& seen, Findings& out) {
    if (r.kind != policy::OrderKind::order || seen.names + seen.addresses == 0) return;
    std::optional<order::Order> order;
    try {
        if (auto d = s.document(index)) order = order::parse_stored_order(d->content, "document");
    } catch (const Error&) {}
    if (!order) return;  // check_orders has reported it
    std::set<Bytes> found;
    auto look = [&](MDB_dbi table, Bytes key) {
        if (policy::match_of(s.transaction().get(table, key).value_or(ByteView()), index)) found.insert(std::move(key));
    };
    for (const auto& d : order->domains) look(s.tables().names, Bytes(LookupKey(d.name).view()));
    for (const auto& p : order->addresses) look(s.tables().addresses, prefix_key(p));
    if (found.size() != seen.names + seen.addresses) report_unlisted_entries(s, index, *order, r.id, out);
}

}  // namespace

void check_entries(const Snapshot& s, Findings& out, Progress& progress) {
    const auto& t = s.tables();
    std::map<policy::OrderIndex, policy::OrderRecord> orders;
    lmdb::Cursor records(s.transaction(), t.orders);
    for (auto item = records.first(); item; item = records.next()) {
        try {
            orders.emplace(static_cast<policy::OrderIndex>(from_be(item->key)), decode_order_record(item->value));
        } catch (const Error&) {  // check_orders has reported it
        }
    }
    std::map<policy::OrderIndex, ObservedAnswer> seen;
    bool readable = true;
    for (bool address : {false, true}) {
        progress.begin(msg("checking entries"), address ? msg("addresses") : msg("names"),
                       s.transaction().entries(address ? t.addresses : t.names));
        std::uint64_t looked_at = 0;
        lmdb::Cursor cursor(s.transaction(), address ? t.addresses : t.names);
        for (auto item = cursor.first(); item; item = cursor.next()) {
            if (++looked_at % 4096 == 0) progress.at(looked_at);
            // Lazy: the text is only made for a finding, and there may be millions of entries.
            auto where = [&] { return entry_place(address, item->key); };
            auto has_name = checked(out, address ? msg("addresses") : msg("names"), [&] {
                if (address) prefix_of_key(item->key);
                else name_of_key(item->key);
                return true;
            });
            auto sound =
                has_name && checked(out, where, [&] {
                    policy::Entries entries(item->value);
                    if (entries.size() == 0) out.add(where(), msg("is listed by no order"));
                    for (std::size_t i = 0; i < entries.size(); ++i) {
                        auto e = entries[i];
                        auto order = orders.find(e.order);
                        if (order == orders.end())
                            out.add(where(), msg("is listed by order index %1, which does not exist", e.order));
                        if (i > 0 && entries[i - 1].order == e.order)
                            out.add(where(), msg("is listed twice by order index %1", e.order));
                        auto& tally = seen[e.order];
                        ++(address ? tally.addresses : tally.names);
                        if (order == orders.end() || order->second.kind != policy::OrderKind::list) continue;
                        if (address) tally.list.addresses.push_back(prefix_of_key(item->key));
                        else tally.list.names.add(item->key, e.match);
                    }
                    return true;
                });
            readable = readable && sound;
        }
        progress.end();
    }
    for (const auto& known : orders) {
        auto index = known.first;
        const policy::OrderRecord& r = known.second;
        const ObservedAnswer& is = seen[index];
        const auto where = msg("order %1", r.id);
        if (readable && r.names != is.names)
            out.add(where, msg("says that it lists %1 names; the table has %2", r.names, is.names));
        if (readable && r.addresses != is.addresses)
            out.add(where, msg("says that it lists %1 addresses; the table has %2", r.addresses, is.addresses));
        if (r.kind == policy::OrderKind::list && r.lifted == policy::never && r.names == is.names &&
            r.addresses == is.addresses && !r.digest.empty() && whole(s, r.id) && is.list.digest() != r.digest)
            out.add(where, msg("has other names or addresses than were imported: its digest differs"));
        if (readable) check_against_document(s, index, r, is, out);
    }
}

}  // namespace saring::ledger
