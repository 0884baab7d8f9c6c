// Writer: targets held by safety rules.
#include <algorithm>

#include "ledger/stored_order.h"
#include "ledger/writer.h"

namespace saring::ledger {

void Writer::set_held(policy::OrderIndex index, HeldKind kind, ByteView key, const HeldRecord& record) {
    Bytes at = quarantine_key(index, kind, key);
    set_record(RecordTable::quarantine, at, encode(record));
    note_order(order(index).id);
}

void Writer::hold(policy::OrderIndex index, const HeldTarget& target, UnixTime now) {
    HeldRecord record;
    record.match = target.match;
    record.since = now;
    record.serial = serial_ + 1;
    record.rule = target.rule;
    record.why = target.why;
    set_held(index, target.kind, target.key, record);
}

policy::OrderIndex Writer::known_order(const std::string& id) const {
    auto index = view_.find_order(id);
    if (!index)
        throw Error(ErrorKind::not_found, msg("order %1", id), msg("is not in the database"),
                    msg("see: blocklist-tool order list"));
    return *index;
}

void Writer::hold_list_targets(const std::string& id, const std::vector<HeldTarget>& held, bool all, UnixTime now) {
    auto index = known_order(id);
    std::vector<std::pair<HeldKind, Bytes>> asked;
    for (auto target : held) {
        asked.emplace_back(target.kind, target.key);
        auto record = find_held(*txn_, tables_, index, target.kind, target.key);
        // A partial change says nothing about targets that it does not mention.
        if (!all && record && record->state == HeldState::held)
            target.match = policy::unite(record->match, target.match);
        // A decision stands for the match that was decided, not for a wider one.
        if (!record || record->state == HeldState::closed || record->match != target.match) hold(index, target, now);
    }
    if (!all) return;
    std::sort(asked.begin(), asked.end());
    std::vector<Held> dropped;
    each_held(*txn_, tables_, index, [&](const Held& h) {
        if (h.kind != HeldKind::whole && h.record.state == HeldState::held &&
            !std::binary_search(asked.begin(), asked.end(), std::pair(h.kind, h.key)))
            dropped.push_back(h);
    });
    for (const auto& h : dropped) close_held(h, "the list no longer has it", now);
}

void Writer::close_held(const Held& h, const std::string& why, UnixTime now) {
    HeldRecord record = h.record;
    record.state = HeldState::closed;
    record.decided = now;
    record.reason = why;
    record.change.clear();
    set_held(h.order, h.kind, h.key, record);
}

HeldRecord Writer::waiting(policy::OrderIndex index, const policy::OrderRecord& owner, HeldKind kind, ByteView key,
                           UnixTime now) const {
    auto record = find_held(*txn_, tables_, index, kind, key);
    std::string what = "target " + target_text(kind, key) + " of order " + owner.id;
    if (!record)
        throw Error(ErrorKind::not_found, what,
                    kind == HeldKind::whole ? msg("the order is not held as a whole") : msg("is not in quarantine"),
                    msg("see: blocklist-tool quarantine list --order %1", owner.id));
    bool content = !record->digest.empty();  // an edition of a list: independent of the list's present content
    if (!content && owner.lifted <= now)
        throw Error(ErrorKind::refused, what, msg("its order was revoked %1", format_rfc3339(owner.lifted)),
                    msg("nothing is left to decide"));
    if (!content && owner.expires <= now)
        throw Error(ErrorKind::refused, what, msg("its order expired %1", format_rfc3339(owner.expires)),
                    msg("nothing is left to decide"));
    if (record->state != HeldState::held)
        throw Error(
            ErrorKind::refused, what,
            msg("was %1 already%2", to_string(record->state), record->by.empty() ? "" : msg(" by %1", record->by)),
            msg("see: blocklist-tool quarantine show %1 %2", owner.id, target_text(kind, key)));
    return *record;
}

void Writer::decide_held(const std::string& id, HeldKind kind, ByteView key, const HeldDecision& decision) {
    AllOrNothing guard(*this);
    auto index = known_order(id);
    auto owner = order(index);
    std::optional<Held> whole;
    if (kind == HeldKind::whole && (whole = find_whole(*txn_, tables_, index))) key = whole->key;
    auto record = waiting(index, owner, kind, key, decision.time);
    record.state = decision.release ? HeldState::released : HeldState::discarded;
    record.decided = decision.time;
    record.by = decision.by;
    record.reason = decision.reason;
    record.change.clear();
    set_held(index, kind, key, record);
    if (!decision.release) return;
    if (kind == HeldKind::whole) release_whole(index, owner);
    else release_one(index, owner, kind, key, record.match);
    put_order(index, owner);
}

void Writer::release_one(policy::OrderIndex index, policy::OrderRecord& owner, HeldKind kind, ByteView key,
                         policy::Match match) {
    if (kind == HeldKind::name && is_lifted(owner.id, key)) return;
    bool name = kind == HeldKind::name;
    MDB_dbi db = name ? tables_.names : tables_.addresses;
    bool counted = policy::match_of(txn_->get(db, key).value_or(ByteView()), index).has_value();
    if (!add_entry(db, key, {index, match})) return;
    if (owner.kind == policy::OrderKind::list) owner.digest.clear();  // the import lacked this target
    if (counted) return;
    if (name) ++owner.names;
    else ++owner.addresses;
}

// Targets with records of their own stay held. A list's content is not stored: its next import is let through.
void Writer::release_whole(policy::OrderIndex index, policy::OrderRecord& owner) {
    auto document = owner.kind == policy::OrderKind::list ? std::nullopt : view_.document(index);
    if (!document) return;
    order::Order whole = stored_order(*document, owner.id);
    auto release = [&](HeldKind kind, const Bytes& key, policy::Match match) {
        auto alone = find_held(*txn_, tables_, index, kind, key);
        if (!alone || alone->state == HeldState::released) release_one(index, owner, kind, key, match);
    };
    for (const auto& target : whole.domains)
        release(HeldKind::name, Bytes(LookupKey(target.name).view()), target.match);
    for (const auto& prefix : whole.addresses) release(HeldKind::address, prefix_key(prefix), policy::Match::subtree);
}

}  // namespace saring::ledger
