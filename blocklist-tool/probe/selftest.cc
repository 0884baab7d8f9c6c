#include "probe/selftest.h"

#include <algorithm>

#include "probe/listed_sample.h"

namespace saring::tool {
namespace {

// Number of addresses in the answer that belong to the landing page.
std::size_t landing_addresses(const DnsAnswer& a, const config::Config& config) {
    std::size_t count = 0;
    for (const auto& list : {config.answer.redirect_a, config.answer.redirect_aaaa})
        for (const Prefix& p : list) {
            std::string text = p.to_string();
            text = text.substr(0, text.find('/'));
            count += static_cast<std::size_t>(std::count(a.addresses.begin(), a.addresses.end(), text));
        }
    return count;
}

bool lands_as_configured(const DnsAnswer& a, const config::Config& config) {
    const auto& landing = config.answer.redirect_cname;
    if (!landing.empty()) return std::find(a.aliases.begin(), a.aliases.end(), landing) != a.aliases.end();
    return landing_addresses(a, config) > 0;
}

// The query type for which a redirected name has addresses.
std::string asked_type(const config::Config& config) {
    return config.answer.redirect_cname.empty() && config.answer.redirect_a.empty() ? "AAAA" : "A";
}

bool has_form(const DnsAnswer& a, policy::Action action, const config::Config& config) {
    switch (action) {
        case policy::Action::nxdomain: return a.rcode == 3;
        case policy::Action::nodata: return a.rcode == 0 && a.answers == 0;
        case policy::Action::refused: return a.rcode == 5;
        case policy::Action::redirect:
            // Only addresses of the landing page; for redirect_cname any address.
            return a.rcode == 0 && lands_as_configured(a, config) && !a.addresses.empty() &&
                   (!config.answer.redirect_cname.empty() || landing_addresses(a, config) == a.addresses.size());
        default: return false;
    }
}

// The error in the answer for a blocked name; empty: none.
Message wrong_with_block(const std::optional<DnsAnswer>& a, const policy::Deciding& by, const config::Config& config) {
    if (by.action == policy::Action::drop) return a ? msg("was answered, but must be dropped") : Message();
    if (!a) return msg("was not answered");
    if (by.action == policy::Action::redirect && config.answer.redirect_cname.empty() &&
        config.answer.redirect_a.empty() && config.answer.redirect_aaaa.empty())
        return msg("must be redirected, but saring.toml has no landing page");
    if (!has_form(*a, by.action, config)) return msg("is not answered as action %1 requires", to_string(by.action));
    unsigned code = by.order->kind == policy::OrderKind::local ? ede_blocked : ede_censored;
    auto error = std::find_if(a->errors.begin(), a->errors.end(), [&](const auto& e) { return e.code == code; });
    if (error == a->errors.end())
        return by.action == policy::Action::redirect
                   ? Message()
                   : msg("has no extended error %1: the answer is not Saring's, or the resolver has ede: no", code);
    if (error->text.find(by.order->id) == std::string::npos) return msg("names another order");
    return "";
}

}  // namespace

std::vector<OwnerName> blocked_names(const ledger::Snapshot& s, const config::Config& config, std::size_t size,
                                     Engine& engine, UnixTime now) {
    std::unordered_set<policy::OrderIndex> blocking;
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        auto action = r.action.value_or(config.answer.action);
        if (r.in_force(now) && r.regions.empty() && action != policy::Action::passthru && action != policy::Action::log)
            blocking.insert(index);
    });
    std::vector<OwnerName> out;
    for (const auto& c : sample_listed(s, blocking, size, engine)) {
        auto name = name_of_key(c.key);
        bool has_room = name.wire().size() < 200;  // bytes, for a label below it
        // A "below" entry does not block the name itself.
        if (!has_room && !covers_itself(c.match)) continue;
        if (has_room && (!covers_itself(c.match) || (covers_below(c.match) && engine() % 2)))
            name = OwnerName::parse("selftest-" + std::to_string(engine() % 100000) + "." + name.to_string());
        out.push_back(name);
    }
    return out;
}

Message wrong_with_pass(const std::optional<DnsAnswer>& a, const config::Config& config) {
    if (!a) return msg("was not answered");
    for (const auto& e : a->errors)
        if (e.code >= ede_blocked && e.code <= ede_filtered) return msg("is blocked, but must not be");
    if (lands_as_configured(*a, config)) return msg("redirects to the landing page, but must not");
    if (a->rcode != 0) return msg("does not resolve");
    return "";
}

Question question_about(const ledger::Snapshot& snapshot, const OwnerName& name, bool never_block,
                        const config::Config& config, UnixTime now) {
    Question out{name, {}};
    if (never_block) return out;
    policy::Region nowhere;
    auto verdict = decide(snapshot, name, {now, &nowhere, config.answer.action});
    if (verdict.outcome == policy::Outcome::block) out.blocked_by = std::move(verdict.by);
    return out;
}

SelftestResult ask_and_judge(const DnsClient& resolver, const Question& question, const config::Config& config) {
    const auto& by = question.blocked_by;
    bool redirected = by && by->action == policy::Action::redirect;
    auto answer = resolver.ask(question.name, redirected ? asked_type(config) : "A");
    Message why = by ? wrong_with_block(answer, *by, config) : wrong_with_pass(answer, config);
    Json json{{"name", question.name.to_string()},
              {"expected", by ? "blocked" : "not blocked"},
              {"action", by ? Json(to_string(by->action)) : Json(nullptr)},
              {"order", by ? Json(by->order->id) : Json(nullptr)},
              {"answer", said(answer)},
              {"right", why.empty()},
              {"problem", why.empty() ? Json(nullptr) : Json(why.english())}};
    return {std::move(json), std::move(why)};
}

}  // namespace saring::tool
