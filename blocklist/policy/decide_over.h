// The rules of decide.h, for entries from any source: both the ledger (ledger/snapshot.h) and a resolver's image
// (image/image.h) are evaluated by this code. A Source has
//
//   each_listed(key, visit)      calls visit(labels, entries) for each listed name at or above the LookupKey, the most
//                                specific first
//   each_listed(address, visit)  calls visit(prefix, entries) for each listed prefix that contains the address, the
//                                longest first
//   shared_order(index)          the order's record; null leaves the entry out
//   edition()                    optional: a different number for different content; enables the cache for names with
//                                many orders (policy/crowded.h)
//
// `entries` has size() and operator[], which returns an Entry. Nothing is virtual, so that the compiler can inline the
// look-up.
#pragma once

#include <tuple>
#include <utility>

#include "name/lookup_key.h"
#include "policy/crowded.h"
#include "policy/decide.h"

namespace saring::policy {

// Why an entry does not count.
enum class Disregarded { nothing, revoked, expired, upcoming, exact, below, region };
Disregarded against(const OrderRecord& order, const Entry& entry, bool itself, const Circumstances& c);
Message why(Disregarded reason, const OrderRecord& order);

// Gathers entries from the most specific listed name upwards.
template <typename Source>
class Judge {
public:
    Judge(const Source& source, const Circumstances& c, Trigger trigger, std::vector<ConsideredEntry>* trace)
        : source_(source), c_(c), trace_(trace) {
        verdict_.trigger = trigger;
    }

    // `key` returns the key of the listed name or prefix, `describe` sets the listed name or prefix, `label` names it.
    template <typename Key, typename Entries, typename Describe, typename Label>
    void level(Key key, const Entries& entries, bool itself, Describe describe, Label label) {
        std::optional<EffectiveEntry> best, logged, local_pass;
        auto place = [&](std::optional<Deciding>& where, EffectiveEntry& claim) {
            auto& d = where.emplace();
            d.match = claim.entry.match;
            d.index = claim.entry.order;
            d.action = claim.action;
            d.order = std::move(claim.order);
            describe(d);
        };
        bool crowded = false;
        if constexpr (requires { source_.edition(); }) {
            crowded = c_.crowded && !trace_ && entries.size() >= CrowdedLevels::crowd;
            if (crowded) {
                const auto& few = c_.crowded->level(source_, key(), entries, itself, c_.now, c_.default_action);
                best = first_of(few.deciding);
                logged = first_of(few.logged);
                local_pass = first_of(few.local_passes);
                verdict_.listed |= few.listed;
                verdict_.regional |= few.regional;
                verdict_.logged_regional |= few.logged_regional;
            }
        }
        for (std::size_t i = 0; !crowded && i < entries.size(); ++i) {
            Entry e = entries[i];
            EffectiveEntry claim{e, Action::nxdomain, source_.shared_order(e.order)};
            if (!claim.order) continue;
            verdict_.listed = true;
            const OrderRecord& o = *claim.order;
            claim.action = o.action.value_or(c_.default_action);
            bool log = claim.action == Action::log;
            auto reason = against(o, e, itself, c_);
            if (!o.regions.empty() && o.in_force(c_.now) && (itself ? covers_itself(e.match) : covers_below(e.match)))
                (log ? verdict_.logged_regional : verdict_.regional) = true;
            if (trace_)
                trace_->push_back(
                    {label(), e.match, e.order, o, claim.action, reason == Disregarded::nothing, why(reason, o)});
            if (reason != Disregarded::nothing) continue;
            if (o.kind == OrderKind::local && claim.action == Action::passthru &&
                (!local_pass || outranks(claim.precedence(), local_pass->precedence())))
                local_pass = claim;
            auto& leader = log ? logged : best;
            if (!leader || outranks(claim.precedence(), leader->precedence())) leader = std::move(claim);
        }
        if (local_pass && !local_pass_) place(local_pass_, *local_pass);
        if (best && !verdict_.by) place(verdict_.by, *best);
        if (logged && !verdict_.logged) place(verdict_.logged, *logged);
    }

    Verdict finish() {
        if (local_pass_) verdict_.by = std::move(local_pass_);
        if (verdict_.by) verdict_.outcome = verdict_.by->action == Action::passthru ? Outcome::pass : Outcome::block;
        return std::move(verdict_);
    }

private:
    // An entry that counts, without its listed name.
    struct EffectiveEntry {
        Entry entry;
        Action action;
        std::shared_ptr<const OrderRecord> order;

        OrderPrecedence precedence() const { return {action == Action::passthru, order->issued, entry.order}; }
    };
    // The first candidate that holds in the client's region.
    std::optional<EffectiveEntry> first_of(const std::vector<CrowdedLevels::Candidate>& all) const {
        for (const auto& one : all)
            if (one.order->regions.empty() || (c_.region && c_.region->holds(one.order->regions)))
                return EffectiveEntry{one.entry, one.action, one.order};
        return std::nullopt;
    }

    const Source& source_;
    const Circumstances& c_;
    std::vector<ConsideredEntry>* trace_;
    Verdict verdict_;
    std::optional<Deciding> local_pass_;
};

template <typename Source>
Verdict decide_over(const Source& source, const OwnerName& name, const Circumstances& c,
                    std::vector<ConsideredEntry>* trace) {
    LookupKey key(name);
    Judge judge(source, c, Trigger::qname, trace);
    source.each_listed(key, [&](std::size_t labels, const auto& entries) {
        judge.level([&] { return key.ancestor(labels); }, entries, labels == key.labels(),
                    [&](Deciding& d) { d.listed = name.suffix(labels); },
                    [&] { return name.suffix(labels).to_string(); });
    });
    return judge.finish();
}

template <typename Source>
Verdict decide_over(const Source& source, const Prefix& address, const Circumstances& c,
                    std::vector<ConsideredEntry>* trace) {
    Judge judge(source, c, Trigger::address, trace);
    source.each_listed(address, [&](const Prefix& prefix, const auto& entries) {
        judge.level([&] { return prefix_key(prefix); }, entries, true, [&](Deciding& d) { d.prefix = prefix; },
                    [&] { return prefix.to_string(); });
    });
    return judge.finish();
}

}  // namespace saring::policy
