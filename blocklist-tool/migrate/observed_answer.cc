#include "migrate/observed_answer.h"

#include <algorithm>

namespace saring::tool {
namespace {

constexpr unsigned nxdomain = 3, refused = 5, noerror = 0;

bool has_policy_error(const DnsAnswer& a) {
    // Forged Answer, Blocked, Censored, Filtered (RFC 8914 section 4)
    return std::any_of(a.errors.begin(), a.errors.end(),
                       [](const auto& e) { return e.code == 4 || (e.code >= 15 && e.code <= 17); });
}

// Parses a name from a DNS message; false if it is invalid.
bool parsed(const std::string& text, OwnerName& out) {
    try {
        out = OwnerName::parse(text);
        return true;
    } catch (const Error&) { return false; }
}

bool above(const std::string& zone, const OwnerName& name) {
    OwnerName apex;
    return parsed(zone, apex) && name.is_at_or_below(apex);
}

bool lands(const DnsAnswer& a, const list::Landings& landings) {
    OwnerName alias;
    for (const auto& text : a.aliases)
        if (parsed(text, alias) && landings.holds(alias)) return true;
    return std::any_of(a.addresses.begin(), a.addresses.end(),
                       [&](const auto& text) { return landings.holds(Prefix::parse(text)); });
}

ObservedAnswer blocked(ObservedAnswer s, const char* form) {
    s.verdict = ObservedAnswer::Verdict::blocked;
    s.form = form;
    return s;
}

const char* action_word(rpz::RpzAction a) {
    switch (a) {
        case rpz::RpzAction::none: return "not listed";
        case rpz::RpzAction::nxdomain: return "nxdomain";
        case rpz::RpzAction::nodata: return "nodata";
        case rpz::RpzAction::drop: return "drop";
        case rpz::RpzAction::redirect: return "redirect";
        case rpz::RpzAction::passthru: return "passthru";
    }
    return "?";
}

std::string listed(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& t : texts) out += (out.empty() ? "" : ", ") + t;
    return out;
}

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

}  // namespace

const char* to_string(ObservedAnswer::Verdict v) {
    switch (v) {
        case ObservedAnswer::Verdict::passed: return "passed";
        case ObservedAnswer::Verdict::blocked: return "blocked";
        case ObservedAnswer::Verdict::unclear: return "unclear";
    }
    return "?";
}

ObservedAnswer observe(const OwnerName& name, const std::optional<DnsAnswer>& answer, const list::Landings& landings) {
    ObservedAnswer s;
    s.said = said(answer);
    if (!answer) {
        s.verdict = ObservedAnswer::Verdict::unclear;
        s.silent = true;
        return s;
    }
    const auto& a = *answer;
    bool has_data = a.rcode == noerror && !a.addresses.empty();
    s.resolves = has_data;
    OwnerName last = name;
    for (const auto& alias : a.aliases) parsed(alias, last);
    bool natural = std::any_of(a.authority_soa.begin(), a.authority_soa.end(),
                               [&](const auto& zone) { return above(zone, last) || above(zone, name); });
    // An alias without addresses is a policy's too if it has a sign of one.
    bool marked = has_policy_error(a) || !a.additional_soa.empty() || (!a.authority_soa.empty() && !natural) ||
                  (a.authoritative && a.authority_soa.empty());
    if (a.rcode == refused) return blocked(std::move(s), "refused");
    if (has_data || (a.rcode == noerror && !a.aliases.empty())) {
        s.targets = a.aliases;
        s.targets.insert(s.targets.end(), a.addresses.begin(), a.addresses.end());
        if (marked || lands(a, landings)) return blocked(std::move(s), "redirect");
        return s;
    }
    if (a.rcode != noerror && a.rcode != nxdomain) {
        s.verdict = ObservedAnswer::Verdict::unclear;
        return s;
    }
    if (marked) return blocked(std::move(s), a.rcode == nxdomain ? "nxdomain" : "nodata");
    if (!natural) s.verdict = ObservedAnswer::Verdict::unclear;
    return s;
}

ObservedAnswer observe(const rpz::ZoneAnswer& answer) {
    ObservedAnswer s;
    s.form = answer.action == rpz::RpzAction::none ? "" : action_word(answer.action);
    s.targets = answer.targets;
    s.said = action_word(answer.action) + (answer.targets.empty() ? "" : " to " + listed(answer.targets));
    if (answer.action != rpz::RpzAction::none && answer.action != rpz::RpzAction::passthru)
        s.verdict = ObservedAnswer::Verdict::blocked;
    return s;
}

ObservedAnswer observe(const policy::Verdict& verdict, const config::Config& config, bool rehearsed) {
    ObservedAnswer s;
    if (!verdict.by) {
        s.said = verdict.logged ? "rehearsed by order " + verdict.logged->order->id : "not listed";
        if (verdict.logged && rehearsed) return blocked(std::move(s), "log");
        return s;
    }
    auto action = verdict.by->action;
    s.form = to_string(action);
    if (verdict.outcome == policy::Outcome::block) s.verdict = ObservedAnswer::Verdict::blocked;
    if (action == policy::Action::redirect) {
        const auto& answer = config.answer;
        if (!answer.redirect_cname.empty()) s.targets = {answer.redirect_cname};
        else
            for (const auto& p : answer.redirect_a)
                s.targets.push_back(p.to_string().substr(0, p.to_string().find('/')));
        if (s.targets.empty()) s.form = "nodata";  // as the module answers an A query without redirect_a
    }
    s.said = s.form + (s.targets.empty() ? "" : " to " + listed(s.targets)) + " by order " + verdict.by->order->id;
    return s;
}

Compared compare(const ObservedAnswer& a, const ObservedAnswer& b, bool any_form) {
    using V = ObservedAnswer::Verdict;
    auto drops = [](const ObservedAnswer& s) { return s.silent || s.form == "drop"; };
    if (drops(a) && drops(b)) return Compared::same;
    if (a.verdict == V::unclear || b.verdict == V::unclear)
        return a.verdict == b.verdict && a.silent == b.silent ? Compared::same : Compared::undecided;
    if (a.verdict != b.verdict) return Compared::differs;
    // Only resolvers know whether a name has addresses, not a zone or the database.
    if (a.verdict == V::passed)
        return a.resolves && b.resolves && *a.resolves != *b.resolves ? Compared::differs : Compared::same;
    if (any_form || a.form == "log" || b.form == "log") return Compared::same;
    if (a.form != b.form) return Compared::differs;
    return a.form != "redirect" || share(a.targets, b.targets) ? Compared::same : Compared::differs;
}

}  // namespace saring::tool
