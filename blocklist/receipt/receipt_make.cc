#include <algorithm>

#include "base/hex.h"
#include "ledger/journal.h"
#include "ledger/lifts.h"
#include "ledger/quarantine.h"
#include "ledger/stored_order.h"
#include "order/order.h"
#include "policy/rehearsal.h"
#include "receipt/local_passes.h"
#include "receipt/receipt.h"

namespace saring::receipt {
namespace {

// Whether one of these entries is of an older order that covers the target and now blocks everywhere.
bool blocked_before(const ledger::Snapshot& s, const config::Config& config, const policy::Entries& entries,
                    policy::OrderIndex index, bool itself, bool below, UnixTime now) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto e = entries[i];
        if (e.order >= index || (itself && !covers_itself(e.match)) || (below && !covers_below(e.match))) continue;
        auto r = s.order(e.order);
        auto action = effective_action(r, config.answer.action);
        bool blocks = action != policy::Action::passthru && action != policy::Action::log;
        if (blocks && r.regions.empty() && r.in_force(now)) return true;
    }
    return false;
}

bool name_blocked_before(const ledger::Snapshot& s, const config::Config& config, const order::DomainTarget& target,
                         policy::OrderIndex index, UnixTime now) {
    LookupKey key(target.name);
    for (auto labels = key.labels();;) {
        auto listed = s.closest_listed(key, labels);
        if (!listed) return false;
        bool same = listed->labels == key.labels();  // else it is a name above, whose match must cover names below
        if (blocked_before(s, config, listed->entries, index, same && covers_itself(target.match),
                           !same || covers_below(target.match), now))
            return true;
        if (listed->labels == 0) return false;
        labels = listed->labels - 1;
    }
}

bool address_blocked_before(const ledger::Snapshot& s, const config::Config& config, const Prefix& prefix,
                            policy::OrderIndex index, UnixTime now) {
    for (int length = prefix.length; length >= 0;) {
        auto listed = s.closest_listed(prefix, length);
        if (!listed) return false;
        if (blocked_before(s, config, listed->entries, index, false, false, now)) return true;
        length = listed->prefix.length - 1;
    }
    return false;
}

bool all_blocked_before(const ledger::Snapshot& s, const config::Config& config, policy::OrderIndex index,
                        UnixTime now) {
    auto document = s.document(index);
    if (!document) return false;
    order::Order order = ledger::stored_order(*document, s.order(index).id);
    if (order.lists_nothing()) return false;
    return std::all_of(order.domains.begin(), order.domains.end(),
                       [&](const auto& d) { return name_blocked_before(s, config, d, index, now); }) &&
           std::all_of(order.addresses.begin(), order.addresses.end(),
                       [&](const auto& p) { return address_blocked_before(s, config, p, index, now); });
}

const char* status_of(const ledger::Snapshot& s, const config::Config& config, policy::OrderIndex index,
                      const policy::OrderRecord& r, const ReceiptOrder& stated, UnixTime now) {
    switch (r.state(now)) {
        case policy::OrderState::revoked: return "revoked";
        case policy::OrderState::expired: return "expired";
        case policy::OrderState::upcoming:
        case policy::OrderState::active: break;
    }
    if (stated.rehearsed()) return "rehearsed";
    if (r.state(now) == policy::OrderState::upcoming) return stated.quarantined.empty() ? "scheduled" : "quarantined";
    if (!stated.quarantined.empty()) return "quarantined";
    return all_blocked_before(s, config, index, now) ? "already blocked" : "applied";
}

ReceiptOrder state_order(const ledger::Snapshot& s, const config::Config& config, const LocalPasses& passes,
                         policy::OrderIndex index, const policy::OrderRecord& r, UnixTime now) {
    ReceiptOrder out;
    out.order = r.id;
    out.authority = r.authority;
    out.digest = hex(r.digest);
    out.action = to_string(effective_action(r, config.answer.action));
    out.applied = r.applied;
    out.serial = r.applied_serial;
    out.deadline = r.deadline;
    out.expires = r.expires;
    out.revoked = r.lifted;
    out.revoked_by = r.lifted_by;
    out.names = r.names;
    out.addresses = r.addresses;
    if (auto document = s.document(index)) {
        auto order = ledger::stored_order(*document, r.id);
        out.passed = passes.count(order);
        out.kind = order.revokes.empty() ? "block" : order.lists_nothing() ? "lift" : "block and lift";
    }
    for (const auto& l : lifted_names(s, index)) out.lifted.push_back({l.name.to_string(), l.by, l.lifted});
    each_held(s.transaction(), s.tables(), index, [&](const ledger::Held& h) {
        // Released targets are in force; all others are held or discarded.
        if (auto state = state_of(h.record, r, now);
            state == ledger::HeldState::held || state == ledger::HeldState::discarded)
            out.quarantined.push_back({target_text(h.kind, h.key), h.record.rule + ": " + h.record.why});
    });
    for (const auto& idle : idle_lifts(s, index)) out.idle_lifts.push_back(idle.why.english());
    out.status = status_of(s, config, index, r, out, now);
    return out;
}

}  // namespace

Receipt make_receipt(const ledger::Snapshot& s, const config::Config& config, const std::vector<std::string>& orders,
                     const std::string& isp, UnixTime now) {
    Receipt out;
    LocalPasses passes(s, now);
    out.isp = isp;
    out.made = now;
    out.serial = s.serial();
    if (auto last = last_journal(s.transaction(), s.tables())) out.journal = hex(last->hash);
    if (orders.empty())
        s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
            if (r.kind == policy::OrderKind::order) out.orders.push_back(state_order(s, config, passes, index, r, now));
        });
    for (const auto& id : orders) {
        auto index = s.find_order(id);
        if (!index)
            throw Error(ErrorKind::not_found, msg("order %1", id), msg("is not in the database"),
                        msg("see: blocklist-tool order list"));
        auto r = s.order(*index);
        if (r.kind != policy::OrderKind::order)
            throw Error(
                ErrorKind::usage, msg("order %1", id),
                msg("is %1", r.kind == policy::OrderKind::list ? msg("a list") : msg("the ISP's own local policy")),
                msg("receipts are for orders of an authority only"));
        out.orders.push_back(state_order(s, config, passes, *index, r, now));
    }
    return out;
}

}  // namespace saring::receipt
