// The verdict on a whole answer: on the queried name, then on the answer's targets.
#pragma once

#include <algorithm>

#include "answer_targets.h"
#include "dns_numbers.h"
#include "image/image.h"

namespace saring {

constexpr std::size_t max_entries_below = 256;  // examined for one query; with more, one is assumed to pass

// Whether a DS or DNSKEY stays unblocked because validators need it for answers that no order blocks: a DS is its
// parent's data, and DS and DNSKEY of a name authenticate the names below it, some of which may pass.
inline bool stays_open(const image::Reader& image, const OwnerName& name, std::uint16_t type,
                       const policy::Deciding& by, const policy::Circumstances& c) {
    if (type != type_ds && type != type_dnskey) return false;
    if (by.listed == name && (type == type_ds || by.match == policy::Match::exact)) return true;
    std::size_t examined = 0;
    return image.any_below(LookupKey(name), [&](const image::Claims& claims) {
        for (std::size_t i = 0; i < claims.size(); ++i) {
            if (++examined > max_entries_below) return true;
            auto order = image.shared_order(claims[i].order);
            if (order && order->in_force(c.now) && order->action == policy::Action::passthru) return true;
        }
        return false;
    });
}

// The verdict on a query for one type, given the verdict on its name.
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

// The verdict on the targets alone: by the first listed alias target in the chain, else the first listed service
// target (both have trigger cname), else the first listed address. `regional`, `listed` and `logged` are collected
// over all targets.
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

// Whether the verdict is a block for every client and every repetition: not by region, and no rehearsal to count.
inline bool is_everyones(const policy::Verdict& v) {
    return v.outcome == policy::Outcome::block && !v.regional && !v.rehearsed();
}

// The action of a kept answer (keeping.cc) with this RCODE.
inline policy::Action kept_action(std::uint16_t rcode) {
    return rcode == rcode_nxdomain ? policy::Action::nxdomain : policy::Action::nodata;
}

// The queried name decides first, by a block or a passthru; otherwise the targets decide.
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
