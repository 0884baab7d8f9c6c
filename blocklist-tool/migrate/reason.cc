#include "migrate/reason.h"

#include <algorithm>

#include "ledger/quarantine.h"
#include "ledger/stored_order.h"
#include "order/target.h"

namespace saring::tool {
namespace {

// No list contains this label, so an answer for it shows what happens to all names below.
constexpr const char* probe_label = "saring-migrate-check";

std::optional<OwnerName> below(const OwnerName& name) {
    try {
        return OwnerName::parse(std::string(probe_label) + "." + name.to_string());
    } catch (const Error&) {
        return std::nullopt;  // the name would be too long
    }
}

Message of_order(const policy::Deciding& by) { return msg("order %1", by.order->id); }

// The answer as text, with the extended DNS error in which the module names its order.
Message by_answer(const ObservedAnswer& after) { return msg("Saring's resolver says: %1", after.said); }

}  // namespace

Reason Reasons::of(const OwnerName& name, const ObservedAnswer& before, const ObservedAnswer& after) {
    using V = ObservedAnswer::Verdict;
    if (before.verdict == V::blocked && after.verdict == V::blocked) return other_form(name, before, after);
    if (before.verdict == V::blocked) return not_blocked(name, before);
    if (after.verdict == V::blocked) return only_saring(name, after);
    return {"resolution", msg("neither shows a block, yet one has an address for it and the other has none; query both "
                              "again, and compare their upstreams")};
}

std::optional<Reason> Reasons::quarantined(const OwnerName& name) const {
    std::optional<Reason> out;
    const auto& s = database_->snapshot();
    each_held(s.transaction(), s.tables(), [&](const ledger::Held& h) {
        if (out || h.kind != ledger::HeldKind::name) return;
        auto order = s.order(h.order);
        if (state_of(h.record, order, database_->now()) != ledger::HeldState::held) return;
        auto target = name_of_key(h.key);
        if (order::covers(target, h.record.match, name))
            out = Reason{"quarantined", msg("%1 of order %2 waits in quarantine: %3: %4", target.to_string(), order.id,
                                            h.record.rule, h.record.why)};
    });
    return out;
}

std::optional<Reason> Reasons::revoked(const OwnerName& name) {
    const auto& s = database_->snapshot();
    if (!lifted_) {
        lifted_.emplace();
        s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
            if (r.state(database_->now()) != policy::OrderState::revoked) return;
            auto document = s.document(index);  // there is no document of a list
            if (!document) return;
            for (const auto& d : ledger::stored_order(*document, r.id).domains)
                lifted_->insert_or_assign(std::string(d.name.wire()), Lifted{d.match, index});
        });
    }
    for (auto n = name; !n.is_root(); n = n.parent()) {
        auto at = lifted_->find(std::string(n.wire()));
        if (at == lifted_->end() || (n == name ? !covers_itself(at->second.match) : !covers_below(at->second.match)))
            continue;
        auto order = s.order(at->second.order);
        return Reason{"revoked", msg("%1 of order %2: revoked %3 by %4", n.to_string(), order.id,
                                     format_rfc3339(order.lifted), order.lifted_by)};
    }
    return std::nullopt;
}

Reason Reasons::not_blocked(const OwnerName& name, const ObservedAnswer& before) {
    if (!database_)
        return {"not-blocked", msg("the old one blocks it, Saring's resolver does not; Saring's database (--config) "
                                   "would show the reason")};
    std::vector<policy::ConsideredEntry> trace;
    auto verdict = database_->decide_on(name, &trace);
    if (verdict.outcome == policy::Outcome::block)
        return {"resolver-behind", msg("the database blocks it by %1; the resolver runs without the module or with "
                                       "another database, or an rpz: or local-zone: of its own answers first",
                                       of_order(*verdict.by))};
    if (verdict.outcome == policy::Outcome::pass)
        return {"passthru", msg("%1 is passed by %2", verdict.by->listed.to_string(), of_order(*verdict.by))};
    if (verdict.logged)
        return {"rehearsal", msg("%1 has action log: it is recorded and not blocked", of_order(*verdict.logged))};
    for (const auto& c : trace) {
        if (c.action == policy::Action::passthru || c.action == policy::Action::log) continue;
        Message what = msg("%1 of order %2: %3", c.matched, c.order.id, c.why);
        switch (c.order.state(database_->now())) {
            case policy::OrderState::expired: return {"expired", what};
            case policy::OrderState::revoked: return {"revoked", what};
            case policy::OrderState::upcoming: return {"not-yet", what};
            case policy::OrderState::active: break;
        }
        bool itself = c.matched == name.to_string();
        if (!itself && c.match == policy::Match::exact)
            return {"apex-only", msg("%1; its twin *.%2 was not imported", what, c.matched)};
        if (itself && c.match == policy::Match::below)
            return {"wildcard-only", msg("%1; %2 itself was not imported", what, c.matched)};
        return {"region", what};
    }
    if (auto held = quarantined(name)) return *held;
    if (auto gone = revoked(name)) return *gone;
    Message hint;
    if (before.form == "redirect" && !before.targets.empty())
        hint = msg("; the old one redirects to %1: an import takes that as a block only if --landing names it",
                   before.targets[0]);
    return {"not-listed", msg("no order lists it or a name above it%1", hint)};
}

Reason Reasons::only_saring(const OwnerName& name, const ObservedAnswer& after) {
    std::optional<policy::Verdict> verdict;
    if (database_) verdict = database_->decide_on(name);
    const policy::Deciding* by = !verdict                                     ? nullptr
                                 : verdict->outcome == policy::Outcome::block ? &*verdict->by
                                 : verdict->logged                            ? &*verdict->logged
                                                                              : nullptr;
    if (!by)
        return {"only-saring",
                by_answer(after) + (database_ ? msg("; the database does not block it: the resolver has another "
                                                    "database, or an alias or address in the answer is listed")
                                              : "")};
    const auto& listed = by->listed;
    Message order = msg("%1 (%2) of %3", listed.to_string(), to_string(by->match), of_order(*by));
    bool itself = name == listed, old_itself, old_below;
    if (zone_) {
        if (zone_->ask(name).action == rpz::RpzAction::passthru)
            return {"old-passthru", msg("the zone passes it by rpz-passthru; Saring blocks it by %1", order)};
        old_itself = zone_->at(listed, false) != nullptr;
        old_below = zone_->at(listed, true) != nullptr;
    } else {
        auto child = below(listed);
        old_itself = old_blocks(listed);
        old_below = child && old_blocks(*child);
    }
    if (itself && old_below)
        return {"old-wildcard-only",
                msg("the old one lists *.%1 without the name itself; %2 covers both", listed.to_string(), order)};
    if (!itself && old_itself && !old_below)
        return {"twin-missing", msg("the old one lists %1 without its twin *.%2; %3 covers what is below",
                                    listed.to_string(), listed.to_string(), order)};
    if (!itself && old_below) {
        Message shield = zone_ ? msg(": %1 is there", zone_->closest_encloser(name).to_string()) : Message();
        return {"shielded",
                msg("a longer name in the zone keeps *.%1 from covering it (RFC 1034 section 4.3.3)%2; %3 covers it",
                    listed.to_string(), shield, order)};
    }
    return {"only-saring", msg("the old one does not list it; Saring blocks it by %1", order)};
}

Reason Reasons::other_form(const OwnerName& name, const ObservedAnswer& before, const ObservedAnswer& after) const {
    Message by;
    if (database_)
        if (auto verdict = database_->decide_on(name); verdict.by)
            by = verdict.by->order->action ? msg(" (%1 says so)", of_order(*verdict.by))
                                           : msg(" (answer.action in saring.toml, for %1)", of_order(*verdict.by));
    if (before.form != after.form)
        return {"action", msg("both block it, the old one with %1, Saring with %2%3", before.form, after.form, by)};
    auto first = [](const ObservedAnswer& s) { return s.targets.empty() ? msg("nowhere") : Message(s.targets[0]); };
    return {"redirect-target", msg("both redirect, but to different places: the old one to %1, Saring to %2 "
                                   "(answer.redirect_* in saring.toml)",
                                   first(before), first(after))};
}

}  // namespace saring::tool
