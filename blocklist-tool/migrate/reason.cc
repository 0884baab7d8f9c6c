#include "migrate/reason.h"

#include <algorithm>

#include "store/quarantine.h"

namespace saring::tool {
namespace {

// No list names it, so what is said about it is said about all names below.
constexpr const char* probe_label = "saring-migrate-check";

std::optional<OwnerName> below(const OwnerName& name) {
    try {
        return OwnerName::parse(std::string(probe_label) + "." + name.to_string());
    } catch (const Error&) {
        return std::nullopt;  // no room below it
    }
}

std::string by_order(const Deciding& by) { return "order " + by.order->id; }

// The text of an extended error, where the module names its order.
std::string by_answer(const Seen& after) { return "Saring's resolver says: " + after.said; }

}  // namespace

Reason Reasons::of(const OwnerName& name, const Seen& before, const Seen& after) {
    using V = Seen::Verdict;
    if (before.verdict == V::blocked && after.verdict == V::blocked) return other_form(name, before, after);
    if (before.verdict == V::blocked) return not_blocked(name, before);
    if (after.verdict == V::blocked) return only_saring(name, after);
    return {"resolution", "neither shows a block, yet one has an address for it and the other has none; ask both again, and compare what they resolve through"};
}

std::optional<Reason> Reasons::quarantined(const OwnerName& name) const {
    std::optional<Reason> out;
    const auto& s = database_->snapshot();
    each_held(s.transaction(), s.tables(), [&](const Held& h) {
        if (out || h.kind != HeldKind::name) return;
        auto order = s.order(h.order);
        if (state_of(h.record, order, database_->now()) != HeldState::held) return;
        auto target = name_of_key(h.key);
        bool covers = name == target ? covers_itself(h.record.match) : covers_below(h.record.match) && name.is_at_or_below(target);
        if (covers) out = Reason{"quarantined", target.to_string() + " of order " + order.id + " waits in quarantine: " + h.record.rule + ": " + h.record.why};
    });
    return out;
}

std::optional<Reason> Reasons::revoked(const OwnerName& name) {
    const auto& s = database_->snapshot();
    if (!lifted_) {
        lifted_.emplace();
        s.each_order([&](OrderIndex index, const OrderRecord& r) {
            if (r.state(database_->now()) != OrderState::revoked) return;
            auto document = s.document(index);  // a list's content is not kept
            if (!document) return;
            for (const auto& d : parse_order(document->content, "order " + r.id).domains) lifted_->insert_or_assign(std::string(d.name.wire()), Lifted{d.match, index});
        });
    }
    for (auto n = name; !n.is_root(); n = n.parent()) {
        auto at = lifted_->find(std::string(n.wire()));
        if (at == lifted_->end() || (n == name ? !covers_itself(at->second.match) : !covers_below(at->second.match))) continue;
        auto order = s.order(at->second.order);
        return Reason{"revoked", n.to_string() + " of order " + order.id + ": revoked " + format_rfc3339(order.lifted) + " by " + order.lifted_by};
    }
    return std::nullopt;
}

Reason Reasons::not_blocked(const OwnerName& name, const Seen& before) {
    if (!database_) return {"not-blocked", "the old one blocks it, Saring's resolver does not; with Saring's database at hand (--config) the reason can be told"};
    std::vector<Considered> trace;
    auto verdict = database_->decide_on(name, &trace);
    if (verdict.outcome == Outcome::block)
        return {"resolver-behind", "the database blocks it by " + by_order(*verdict.by) + "; the resolver runs without the module, or on another database, or is answered by an rpz: or local-zone: of its own first"};
    if (verdict.outcome == Outcome::pass) return {"passthru", verdict.by->listed.to_string() + " is passed by " + by_order(*verdict.by)};
    if (verdict.logged) return {"rehearsal", by_order(*verdict.logged) + " has action log: it is written down and not blocked"};
    for (const auto& c : trace) {
        if (c.action == Action::passthru || c.action == Action::log) continue;
        std::string what = c.matched + " of order " + c.order.id + ": " + c.why;
        switch (c.order.state(database_->now())) {
            case OrderState::expired: return {"expired", what};
            case OrderState::revoked: return {"revoked", what};
            case OrderState::upcoming: return {"not-yet", what};
            case OrderState::active: break;
        }
        bool itself = c.matched == name.to_string();
        if (!itself && c.match == Match::exact) return {"apex-only", what + "; its twin *." + c.matched + " was not in what was imported"};
        if (itself && c.match == Match::below) return {"wildcard-only", what + "; " + c.matched + " itself was not in what was imported"};
        return {"region", what};
    }
    if (auto held = quarantined(name)) return *held;
    if (auto gone = revoked(name)) return *gone;
    std::string hint;
    if (before.form == "redirect" && !before.targets.empty()) hint = "; the old one leads to " + before.targets[0] + ": an import takes that as a block only when it is named with --landing";
    return {"not-listed", "no order lists it or a name above it" + hint};
}

Reason Reasons::only_saring(const OwnerName& name, const Seen& after) {
    std::optional<Verdict> verdict;
    if (database_) verdict = database_->decide_on(name);
    const Deciding* by = !verdict ? nullptr : verdict->outcome == Outcome::block ? &*verdict->by : verdict->logged ? &*verdict->logged : nullptr;
    if (!by)
        return {"only-saring", by_answer(after) + (database_ ? "; the database does not block it: the resolver has another, or an alias or address in the answer is listed" : "")};
    const auto& listed = by->listed;
    std::string order = listed.to_string() + " (" + to_string(by->match) + ") of " + by_order(*by);
    bool itself = name == listed, old_itself, old_below;
    if (zone_) {
        if (zone_->ask(name).action == RpzAction::passthru) return {"old-passthru", "the zone passes it by rpz-passthru; Saring blocks it by " + order};
        old_itself = zone_->at(listed, false) != nullptr;
        old_below = zone_->at(listed, true) != nullptr;
    } else {
        auto child = below(listed);
        old_itself = old_blocks(listed);
        old_below = child && old_blocks(*child);
    }
    if (itself && old_below) return {"old-wildcard-only", "the old one lists *." + listed.to_string() + " without the name itself; " + order + " covers both"};
    if (!itself && old_itself && !old_below) return {"twin-missing", "the old one lists " + listed.to_string() + " without its twin *." + listed.to_string() + "; " + order + " covers what is below"};
    if (!itself && old_below) {
        std::string shield = zone_ ? ": " + zone_->closest_encloser(name).to_string() + " is there" : std::string();
        return {"shielded", "a longer name in the zone keeps *." + listed.to_string() + " from covering it (RFC 1034 section 4.3.3)" + shield + "; " + order + " covers it"};
    }
    return {"only-saring", "the old one does not list it; Saring blocks it by " + order};
}

Reason Reasons::other_form(const OwnerName& name, const Seen& before, const Seen& after) const {
    std::string by;
    if (database_)
        if (auto verdict = database_->decide_on(name); verdict.by)
            by = verdict.by->order->action ? " (" + by_order(*verdict.by) + " says so)" : " (answer.action in saring.toml, for " + by_order(*verdict.by) + ")";
    if (before.form != after.form) return {"action", "both block it, the old one with " + before.form + ", Saring with " + after.form + by};
    auto first = [](const Seen& s) { return s.targets.empty() ? std::string("nowhere") : s.targets[0]; };
    return {"redirect-target", "both lead elsewhere: the old one to " + first(before) + ", Saring to " + first(after) + " (answer.redirect_* in saring.toml)"};
}

}  // namespace saring::tool
