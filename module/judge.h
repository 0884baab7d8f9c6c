// The verdict on a whole answer: the queried name, then what the answer leads to.
#pragma once

#include "leads.h"
#include "policy/decide.h"

namespace saring {

// What the answer leads to, by itself: the first listed alias target in the chain
// (trigger cname), then the first listed address. `regional` and `logged` gather over all.
inline Verdict judge_leads(const Snapshot& snapshot, const Leads& leads, const Circumstances& c) {
    Verdict verdict;
    auto take = [&](Verdict found, Trigger trigger) {
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
        }
    };
    for (const auto& name : leads.names) take(decide(snapshot, name, c), Trigger::cname);
    if (!leads.addresses.empty() && snapshot.address_count() > 0)
        for (const auto& address : leads.addresses) take(decide(snapshot, address, c), Trigger::address);
    return verdict;
}

// The queried name decides first; a passthru there ends the matter. Then its leads.
inline Verdict judge(const Snapshot& snapshot, const OwnerName& qname, const Leads& leads, const Circumstances& c) {
    Verdict verdict = decide(snapshot, qname, c);
    if (verdict.outcome != Outcome::none) return verdict;
    Verdict further = judge_leads(snapshot, leads, c);
    verdict.outcome = further.outcome;
    verdict.trigger = further.trigger;
    verdict.by = std::move(further.by);
    verdict.regional |= further.regional;
    verdict.logged_regional |= further.logged_regional;
    if (!verdict.logged && further.logged) {
        verdict.logged = std::move(further.logged);
        verdict.logged_trigger = further.logged_trigger;
    }
    return verdict;
}

}  // namespace saring
