// The verdict on a whole answer: the queried name, then what the answer leads to.
#pragma once

#include "leads.h"
#include "policy/decide.h"

namespace saring {

// The queried name decides first; a passthru there ends the matter. Then the first
// listed alias target in the chain (trigger cname), then the first listed address.
// `regional` and `logged` gather over all of them.
inline Verdict judge(const Snapshot& snapshot, const OwnerName& qname, const Leads& leads, const Circumstances& c) {
    Verdict verdict = decide(snapshot, qname, c);
    if (verdict.outcome != Outcome::none) return verdict;
    auto take = [&](Verdict found, Trigger trigger) {
        verdict.regional |= found.regional;
        if (!verdict.logged && found.logged) {
            verdict.logged = std::move(found.logged);
            verdict.logged_trigger = trigger;
        }
        if (verdict.outcome == Outcome::none && found.outcome == Outcome::block) {
            verdict.outcome = Outcome::block;
            verdict.by = std::move(found.by);
            verdict.trigger = trigger;
        }
    };
    for (const auto& name : leads.names) take(decide(snapshot, name, c), Trigger::cname);
    if (!leads.addresses.empty() && snapshot.address_count() > 0)
        for (const auto& address : leads.addresses) take(decide(snapshot, address, c), Trigger::address);
    return verdict;
}

}  // namespace saring
