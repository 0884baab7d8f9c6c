#include "policy/decide.h"

#include <algorithm>

namespace saring {
namespace {

std::string why_not(const OrderRecord& o, const Entry& e, bool itself, const Circumstances& c) {
    if (c.now >= o.lifted) return "revoked " + format_rfc3339(o.lifted) + " by " + o.lifted_by;
    if (c.now >= o.expires) return "expired " + format_rfc3339(o.expires);
    if (c.now < o.effective) return "takes effect " + format_rfc3339(o.effective);
    if (!itself && !covers_below(e.match)) return "exact: covers the listed name only";
    if (itself && !covers_itself(e.match)) return "below: covers the names below the listed name only";
    if (!o.regions.empty() && !(c.region && c.region->holds(o.regions))) return "holds in other regions only";
    return {};
}

// Higher wins at one name.
bool outranks(const Deciding& a, const Deciding& b) {
    return outranks(Standing{a.action == Action::passthru, a.order.issued, a.index}, Standing{b.action == Action::passthru, b.order.issued, b.index});
}

// Gathers entries from the most specific listed name upwards.
class Judge {
public:
    Judge(const Snapshot& snapshot, const Circumstances& c, Trigger trigger, std::vector<Considered>* trace)
        : snapshot_(snapshot), c_(c), trace_(trace) {
        verdict_.trigger = trigger;
    }

    template <typename Describe, typename Label>
    void level(const Entries& entries, bool itself, Describe describe, Label label) {
        std::optional<Deciding> best, logged, local_pass;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            Entry e = entries[i];
            Deciding d;
            d.match = e.match;
            d.index = e.order;
            d.order = snapshot_.order(e.order);
            d.action = d.order.action.value_or(c_.default_action);
            describe(d);
            std::string why = why_not(d.order, e, itself, c_);
            if (!d.order.regions.empty() && d.order.in_force(c_.now) && (itself ? covers_itself(e.match) : covers_below(e.match)))
                (d.action == Action::log ? verdict_.logged_regional : verdict_.regional) = true;
            if (trace_) trace_->push_back({label(), e.match, e.order, d.order, d.action, why.empty(), why.empty() ? "in force" : why});
            if (!why.empty()) continue;
            auto& place = d.action == Action::log ? logged : best;
            if (d.order.kind == OrderKind::local && d.action == Action::passthru && (!local_pass || outranks(d, *local_pass))) local_pass = d;
            if (!place || outranks(d, *place)) place = std::move(d);
        }
        if (local_pass && !local_pass_) local_pass_ = std::move(local_pass);
        if (best && !verdict_.by) verdict_.by = std::move(best);
        if (logged && !verdict_.logged) verdict_.logged = std::move(logged);
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

bool outranks(const Standing& a, const Standing& b) { return a > b; }

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
        OwnerName matched = name.suffix(listed->labels);
        judge.level(listed->entries, listed->labels == key.labels(), [&](Deciding& d) { d.listed = matched; },
                    [&] { return matched.to_string(); });
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
