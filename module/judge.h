// The verdict on a whole answer: the queried name, then what the answer leads to.
#pragma once

#include <algorithm>

#include "answer_targets.h"
#include "dns_numbers.h"
#include "image/image.h"

namespace saring {

constexpr std::size_t max_entries_below = 256;  // looked at for one question; with more there, one is taken to pass

// Whether somebody needs the record to believe an answer that no order blocks. A DS is its parent's data;
// DS and DNSKEY of a name vouch for the names below it, of which some may be open.
inline bool stays_open(const image::Reader& image, const OwnerName& name, std::uint16_t type,
                       const policy::Deciding& by, const policy::Circumstances& c) {
    if (type != type_ds && type != type_dnskey) return false;
    if (by.listed == name && (type == type_ds || by.match == policy::Match::exact)) return true;
    std::size_t looked = 0;
    return image.any_below(LookupKey(name), [&](const image::Claims& claims) {
        for (std::size_t i = 0; i < claims.size(); ++i) {
            if (++looked > max_entries_below) return true;
            auto order = image.shared_order(claims[i].order);
            if (order && order->in_force(c.now) && order->action == policy::Action::passthru) return true;
        }
        return false;
    });
}

// What the orders say to a question for the name, `verdict` being what they say of the name.
inline policy::Verdict of_type(policy::Verdict verdict, const image::Reader& image, const OwnerName& name,
                               std::uint16_t type, const policy::Circumstances& c) {
    if (verdict.logged && stays_open(image, name, type, *verdict.logged, c)) verdict.logged.reset();
    if (verdict.outcome == policy::Outcome::block && stays_open(image, name, type, *verdict.by, c)) {
        verdict.outcome = policy::Outcome::none;
        verdict.by.reset();
    }
    return verdict;
}

inline policy::Verdict decide(const image::Reader& image, const OwnerName& name, std::uint16_t type,
                              const policy::Circumstances& c) {
    return of_type(image::decide(image, name, c), image, name, type, c);
}

// What the answer leads to, by itself: the first listed alias target in the chain, then the first listed
// target of a service (both trigger cname), then the first listed address. `regional`, `listed` and `logged` gather
// over all.
inline policy::Verdict judge_targets(const image::Reader& image, const AnswerTargets& targets,
                                     const policy::Circumstances& c) {
    policy::Verdict verdict;
    auto take = [&](policy::Verdict found, policy::Trigger trigger, bool one_type) {
        verdict.listed |= found.listed;
        verdict.regional |= found.regional;
        verdict.logged_regional |= found.logged_regional;
        if (!verdict.logged && found.logged) {
            verdict.logged = std::move(found.logged);
            verdict.logged_trigger = trigger;
        }
        if (verdict.outcome == policy::Outcome::none && found.outcome == policy::Outcome::block) {
            verdict.outcome = policy::Outcome::block;
            verdict.by = std::move(found.by);
            verdict.trigger = trigger;
            verdict.one_type = one_type;
        }
    };
    for (const auto& name : targets.aliases) take(decide(image, name, c), policy::Trigger::cname, false);
    for (const auto& name : targets.services) take(decide(image, name, c), policy::Trigger::cname, true);
    if (!targets.addresses.empty() && image.address_count() > 0)
        for (const auto& address : targets.addresses) take(decide(image, address, c), policy::Trigger::address, true);
    return verdict;
}

// Whether every client gets this answer, each time it asks: a block, and nothing that is to be counted beside it.
inline bool is_everyones(const policy::Verdict& v) {
    return v.outcome == policy::Outcome::block && !v.regional && !v.rehearsed();
}

// What a kept answer (keeping.cc) with this RCODE does.
inline policy::Action kept_action(std::uint16_t rcode) {
    return rcode == rcode_nxdomain ? policy::Action::nxdomain : policy::Action::nodata;
}

// The queried name decides first; a passthru there ends the matter. Then its targets.
inline policy::Verdict judge(const image::Reader& image, const OwnerName& qname, std::uint16_t qtype,
                             const AnswerTargets& targets, const policy::Circumstances& c) {
    policy::Verdict verdict = decide(image, qname, qtype, c);
    if (verdict.outcome != policy::Outcome::none) return verdict;
    policy::Verdict further = judge_targets(image, targets, c);
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
