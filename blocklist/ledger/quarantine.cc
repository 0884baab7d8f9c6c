#include "ledger/quarantine.h"

#include <tuple>

#include "name/lookup_key.h"

namespace saring::ledger {
namespace {

[[noreturn]] void corrupt_quarantine(const Message& why) {
    throw Error(ErrorKind::database, msg("database"), msg("corrupt: %1", why),
                msg("restore a backup or sync again into a new database"));
}

}  // namespace

Held read_held(ByteView key, ByteView value) {
    if (key.size() < 5 || static_cast<std::uint8_t>(key[4]) > static_cast<std::uint8_t>(HeldKind::address))
        corrupt_quarantine(msg("a key of the quarantine has no known kind"));
    Held held{static_cast<policy::OrderIndex>(from_be(key.substr(0, 4))), static_cast<HeldKind>(key[4]),
              Bytes(key.substr(5)), decode_held_record(value)};
    if (held.kind == HeldKind::whole && !held.key.empty() && held.key != held.record.digest)
        corrupt_quarantine(msg("a key of the quarantine goes on after the whole order"));
    target_text(held.kind, held.key);  // throws for an invalid key
    return held;
}

const char* to_string(HeldState s) {
    switch (s) {
        case HeldState::held: return "held";
        case HeldState::released: return "released";
        case HeldState::discarded: return "discarded";
        case HeldState::closed: return "closed";
    }
    return "?";
}

Bytes encode(const HeldRecord& r) {
    ByteWriter w;
    w.integer(static_cast<std::uint8_t>(r.state));
    w.integer(static_cast<std::uint8_t>(r.match));
    w.integer(r.since);
    w.integer(r.serial);
    w.integer(r.decided);
    for (const auto* s : {&r.rule, &r.why, &r.by, &r.reason, &r.digest}) w.bytes(*s);
    if (!r.change.empty()) w.bytes(r.change);
    return w.take();
}

HeldRecord decode_held_record(ByteView value) {
    ByteReader in(value, "quarantine record");
    HeldRecord r;
    auto state = in.integer<std::uint8_t>();
    if (state > static_cast<std::uint8_t>(HeldState::closed))
        corrupt_quarantine(msg("a quarantine record has the unknown state %1", state));
    r.state = static_cast<HeldState>(state);
    r.match = policy::decode_match(in.integer<std::uint8_t>(), marked("a quarantine record"));
    r.since = in.integer<UnixTime>();
    r.serial = in.integer<std::uint64_t>();
    r.decided = in.integer<UnixTime>();
    for (auto* s : {&r.rule, &r.why, &r.by, &r.reason, &r.digest}) *s = in.bytes();
    if (!in.empty()) r.change = in.bytes();
    in.finish();
    return r;
}

Bytes quarantine_key(policy::OrderIndex order, HeldKind kind, ByteView key) {
    return be32(order) + static_cast<char>(kind) + Bytes(key);
}

std::optional<HeldRecord> find_held(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order,
                                    HeldKind kind, ByteView key) {
    auto value = txn.get(tables.quarantine, quarantine_key(order, kind, key));
    return value ? std::optional(decode_held_record(*value)) : std::nullopt;
}

void each_held(const lmdb::Transaction& txn, const Tables& tables, const std::function<void(const Held&)>& visit) {
    lmdb::Cursor cursor(txn, tables.quarantine);
    for (auto item = cursor.first(); item; item = cursor.next()) visit(read_held(item->key, item->value));
}

namespace {

void each_held_below(const lmdb::Transaction& txn, const Tables& tables, const Bytes& prefix,
                     const std::function<void(const Held&)>& visit) {
    lmdb::Cursor cursor(txn, tables.quarantine);
    for (auto item = cursor.at_or_after(prefix); item && item->key.substr(0, prefix.size()) == prefix;
         item = cursor.next())
        visit(read_held(item->key, item->value));
}

}  // namespace

void each_held(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order,
               const std::function<void(const Held&)>& visit) {
    each_held_below(txn, tables, be32(order), visit);
}

std::vector<Held> editions_of(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex list) {
    std::vector<Held> out;
    each_held_below(txn, tables, quarantine_key(list, HeldKind::whole, {}), [&](const Held& h) { out.push_back(h); });
    return out;
}

std::optional<Held> find_whole(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order) {
    std::optional<Held> out;
    auto rank = [](const Held& h) { return std::tuple(h.record.state == HeldState::held, h.record.serial); };
    for (auto& h : editions_of(txn, tables, order))
        if (!out || rank(h) > rank(*out)) out = std::move(h);
    return out;
}

HeldState state_of(const HeldRecord& held, const policy::OrderRecord& order, UnixTime now) {
    bool over = now >= order.lifted || now >= order.expires;
    return held.state == HeldState::held && over && held.digest.empty() ? HeldState::closed : held.state;
}

std::uint64_t count_held(const lmdb::Transaction& txn, const Tables& tables, UnixTime now) {
    std::uint64_t count = 0;
    policy::OrderIndex last = 0;
    policy::OrderRecord order;
    each_held(txn, tables, [&](const Held& h) {
        if (h.record.state != HeldState::held) return;
        if (h.order != last) {
            auto value = txn.get(tables.orders, be32(h.order));
            if (!value) corrupt_quarantine(msg("the quarantine names an order that does not exist"));
            order = decode_order_record(*value);
            last = h.order;
        }
        if (state_of(h.record, order, now) == HeldState::held) ++count;
    });
    return count;
}

std::string target_text(HeldKind kind, ByteView key) {
    if (kind == HeldKind::whole) return "*";
    return kind == HeldKind::name ? name_of_key(key).to_string() : prefix_of_key(key).to_string();
}

}  // namespace saring::ledger
