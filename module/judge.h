// The verdict on a whole answer: the queried name, then what the answer leads to.
#pragma once

#include <algorithm>

#include "leads.h"
#include "policy/decide.h"

namespace saring {

constexpr std::uint16_t type_ds = 43, type_dnskey = 48;
constexpr std::size_t max_entries_below = 256;  // looked at for one question; with more there, one is taken to pass

// Whether somebody needs the record to believe an answer that no order blocks. A DS is its parent's data;
// DS and DNSKEY of a name vouch for the names below it, of which some may be open.
inline bool stays_open(const Snapshot& snapshot, const OwnerName& name, std::uint16_t type, const Deciding& by,
                       const Circumstances& c) {
    if (type != type_ds && type != type_dnskey) return false;
    if (by.listed == name && (type == type_ds || by.match == Match::exact)) return true;
    std::size_t looked = 0;
    return snapshot.any_below(LookupKey(name), [&](const Entries& entries) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (++looked > max_entries_below) return true;
            auto order = snapshot.shared_order(entries[i].order);
            if (order->in_force(c.now) && order->action == Action::passthru) return true;
        }
        return false;
    });
}

// What the orders say to a question for the name, `verdict` being what they say of the name.
inline Verdict of_type(Verdict verdict, const Snapshot& snapshot, const OwnerName& name, std::uint16_t type,
                       const Circumstances& c) {
    if (verdict.logged && stays_open(snapshot, name, type, *verdict.logged, c)) verdict.logged.reset();
    if (verdict.outcome == Outcome::block && stays_open(snapshot, name, type, *verdict.by, c)) {
        verdict.outcome = Outcome::none;
        verdict.by.reset();
    }
    return verdict;
}

inline Verdict decide(const Snapshot& snapshot, const OwnerName& name, std::uint16_t type, const Circumstances& c) {
    return of_type(decide(snapshot, name, c), snapshot, name, type, c);
}

// What the answer leads to, by itself: the first listed alias target in the chain, then the first listed
// target of a service (both trigger cname), then the first listed address. `regional`, `listed` and `logged` gather
// over all.
inline Verdict judge_leads(const Snapshot& snapshot, const Leads& leads, const Circumstances& c) {
    Verdict verdict;
    auto take = [&](Verdict found, Trigger trigger, bool one_type) {
        verdict.listed |= found.listed;
        verdict.regional |= found.regional;
        verdict.logged_regional |= found.logged_regional;
        if (!verdict.logged && found.logged) {
            verdict.logged = std::move(found.logged);
            verdict.logged_trigger = trigger;
        }
        if (verdict.outcome == Outcome::none && found.outcome == Outcome::block) {
            verdict.outcome = Outcome::block;
            verdict.by = std::move(found.by);
            verdict.trigger = trigger;
            verdict.one_type = one_type;
        }
    };
    for (const auto& name : leads.aliases) take(decide(snapshot, name, c), Trigger::cname, false);
    for (const auto& name : leads.services) take(decide(snapshot, name, c), Trigger::cname, true);
    if (!leads.addresses.empty() && snapshot.address_count() > 0)
        for (const auto& address : leads.addresses) take(decide(snapshot, address, c), Trigger::address, true);
    return verdict;
}

// The queried name decides first; a passthru there ends the matter. Then its leads.
inline Verdict judge(const Snapshot& snapshot, const OwnerName& qname, std::uint16_t qtype, const Leads& leads,
                     const Circumstances& c) {
    Verdict verdict = decide(snapshot, qname, qtype, c);
    if (verdict.outcome != Outcome::none) return verdict;
    Verdict further = judge_leads(snapshot, leads, c);
    further.listed |= verdict.listed;
    further.regional |= verdict.regional;
    further.logged_regional |= verdict.logged_regional;
    if (verdict.logged) {
        further.logged = std::move(verdict.logged);
        further.logged_trigger = verdict.logged_trigger;
    }
    return further;
}

}  // namespace saring
