#include "policy/decide.h"

#include <algorithm>
#include <tuple>

namespace saring {
namespace {

enum class Against { nothing, revoked, expired, upcoming, exact, below, region };

Against against(const OrderRecord& o, const Entry& e, bool itself, const Circumstances& c) {
    if (c.now >= o.lifted) return Against::revoked;
    if (c.now >= o.expires) return Against::expired;
    if (c.now < o.effective) return Against::upcoming;
    if (!itself && !covers_below(e.match)) return Against::exact;
    if (itself && !covers_itself(e.match)) return Against::below;
    if (!o.regions.empty() && !(c.region && c.region->holds(o.regions))) return Against::region;
    return Against::nothing;
}

Message why(Against a, const OrderRecord& o) {
    switch (a) {
        case Against::nothing: return msg("in force");
        case Against::revoked: return msg("revoked %1 by %2", format_rfc3339(o.lifted), o.lifted_by);
        case Against::expired: return msg("expired %1", format_rfc3339(o.expires));
        case Against::upcoming: return msg("takes effect %1", format_rfc3339(o.effective));
        case Against::exact: return msg("exact: covers the listed name only");
        case Against::below: return msg("below: covers the names below the listed name only");
        case Against::region: return msg("holds in other regions only");
    }
    return "?";
}

// An entry that counts, before anybody needs to know where it stands.
struct Claim {
    Entry entry;
    Action action;
    std::shared_ptr<const OrderRecord> order;

    Standing standing() const { return {action == Action::passthru, order->issued, entry.order}; }
};

// Gathers entries from the most specific listed name upwards.
class Judge {
public:
    Judge(const Snapshot& snapshot, const Circumstances& c, Trigger trigger, std::vector<Considered>* trace)
        : snapshot_(snapshot), c_(c), trace_(trace) {
        verdict_.trigger = trigger;
    }

    // `describe` sets what was listed, `label` names it.
    template <typename Describe, typename Label>
    void level(const Entries& entries, bool itself, Describe describe, Label label) {
        std::optional<Claim> best, logged, local_pass;
        verdict_.listed = true;
        auto place = [&](std::optional<Deciding>& where, Claim& claim) {
            auto& d = where.emplace();
            d.match = claim.entry.match;
            d.index = claim.entry.order;
            d.action = claim.action;
            d.order = std::move(claim.order);
            describe(d);
        };
        for (std::size_t i = 0; i < entries.size(); ++i) {
            Entry e = entries[i];
            Claim claim{e, Action::nxdomain, snapshot_.shared_order(e.order)};
            const OrderRecord& o = *claim.order;
            claim.action = o.action.value_or(c_.default_action);
            bool log = claim.action == Action::log;
            auto reason = against(o, e, itself, c_);
            if (!o.regions.empty() && o.in_force(c_.now) && (itself ? covers_itself(e.match) : covers_below(e.match)))
                (log ? verdict_.logged_regional : verdict_.regional) = true;
            if (trace_) trace_->push_back({label(), e.match, e.order, o, claim.action, reason == Against::nothing, why(reason, o)});
            if (reason != Against::nothing) continue;
            if (o.kind == OrderKind::local && claim.action == Action::passthru && (!local_pass || outranks(claim.standing(), local_pass->standing())))
                local_pass = claim;
            auto& leader = log ? logged : best;
            if (!leader || outranks(claim.standing(), leader->standing())) leader = std::move(claim);
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
    const Snapshot& snapshot_;
    const Circumstances& c_;
    std::vector<Considered>* trace_;
    Verdict verdict_;
    std::optional<Deciding> local_pass_;
};

}  // namespace

bool outranks(const Standing& a, const Standing& b) { return std::tie(a.passes, a.issued, a.index) > std::tie(b.passes, b.issued, b.index); }

const char* to_string(Trigger t) {
    switch (t) {
        case Trigger::qname: return "qname";
        case Trigger::cname: return "cname";
        case Trigger::address: return "address";
    }
    return "?";
}

bool Region::holds(const std::vector<std::string>& wanted) const {
    return everywhere || std::any_of(codes.begin(), codes.end(), [&](const auto& code) { return std::find(wanted.begin(), wanted.end(), code) != wanted.end(); });
}

Verdict decide(const Snapshot& snapshot, const OwnerName& name, const Circumstances& c, std::vector<Considered>* trace) {
    LookupKey key(name);
    Judge judge(snapshot, c, Trigger::qname, trace);
    for (std::size_t labels = key.labels(); labels > 0;) {
        auto listed = snapshot.closest_listed(key, labels);
        if (!listed) break;
        judge.level(listed->entries, listed->labels == key.labels(), [&](Deciding& d) { d.listed = name.suffix(listed->labels); },
                    [&] { return name.suffix(listed->labels).to_string(); });
        labels = listed->labels - 1;
    }
    return judge.finish();
}

Verdict decide(const Snapshot& snapshot, const Prefix& address, const Circumstances& c, std::vector<Considered>* trace) {
    Judge judge(snapshot, c, Trigger::address, trace);
    for (int length = address.length; length >= 0;) {
        auto listed = snapshot.closest_listed(address, length);
        if (!listed) break;
        judge.level(listed->entries, true, [&](Deciding& d) { d.prefix = listed->prefix; }, [&] { return listed->prefix.to_string(); });
        length = listed->prefix.length - 1;
    }
    return judge.finish();
}

}  // namespace saring
