#include "selftest.h"

#include <algorithm>

#include "listed_sample.h"
#include "policy/decide.h"

namespace saring::tool {
namespace {

constexpr unsigned ede_blocked = 15, ede_censored = 16, ede_filtered = 17;

bool lands(const DnsAnswer& a, const Config& config) {
    const auto& landing = config.answer.redirect_cname;
    if (!landing.empty()) return std::find(a.aliases.begin(), a.aliases.end(), landing) != a.aliases.end();
    return std::any_of(config.answer.redirect_a.begin(), config.answer.redirect_a.end(), [&](const Prefix& p) {
        std::string text = p.to_string();
        text = text.substr(0, text.find('/'));
        return std::find(a.addresses.begin(), a.addresses.end(), text) != a.addresses.end();
    });
}

bool has_form(const DnsAnswer& a, Action action, const Config& config) {
    switch (action) {
        case Action::nxdomain: return a.rcode == 3;
        case Action::nodata: return a.rcode == 0 && a.answers == 0;
        case Action::refused: return a.rcode == 5;
        case Action::redirect:
            if (config.answer.redirect_cname.empty() && config.answer.redirect_a.empty()) return a.rcode == 0 && a.answers == 0;
            return a.rcode == 0 && lands(a, config);
        default: return false;
    }
}

// Empty when the answer is as the order says, else what is wrong with it.
Message wrong_with_block(const std::optional<DnsAnswer>& a, const Deciding& by, const Config& config) {
    if (by.action == Action::drop) return a ? msg("was answered, and should have been dropped") : Message();
    if (!a) return msg("was not answered");
    if (!has_form(*a, by.action, config)) return msg("is not answered as action %1 does", to_string(by.action));
    unsigned code = by.order->kind == OrderKind::local ? ede_blocked : ede_censored;
    auto error = std::find_if(a->errors.begin(), a->errors.end(), [&](const auto& e) { return e.code == code; });
    if (error == a->errors.end())
        return by.action == Action::redirect ? Message() : msg("has no extended error %1: another than Saring may have answered, or the resolver has ede off", code);
    if (error->text.find(by.order->id) == std::string::npos) return msg("names another order");
    return "";
}

}  // namespace

std::vector<OwnerName> blocked_names(const Snapshot& s, const Config& config, std::size_t size, Engine& engine, UnixTime now) {
    std::unordered_set<OrderIndex> blocking;
    s.each_order([&](OrderIndex index, const OrderRecord& r) {
        auto action = r.action.value_or(config.answer.action);
        if (r.in_force(now) && r.regions.empty() && action != Action::passthru && action != Action::log) blocking.insert(index);
    });
    std::vector<OwnerName> out;
    for (const auto& c : sample_listed(s, blocking, size, engine)) {
        auto name = name_of_key(c.key);
        if (c.match == Match::subtree && name.wire().size() < 200 && engine() % 2) name = OwnerName::parse("selftest-" + std::to_string(engine() % 100000) + "." + name.to_string());
        out.push_back(name);
    }
    return out;
}

Message wrong_with_pass(const std::optional<DnsAnswer>& a, const Config& config) {
    if (!a) return msg("was not answered");
    for (const auto& e : a->errors)
        if (e.code >= ede_blocked && e.code <= ede_filtered) return msg("is blocked, and must not be");
    if (lands(*a, config)) return msg("leads to the landing page, and must not");
    if (a->rcode != 0) return msg("does not resolve");
    return "";
}

Judged ask_and_judge(const DnsClient& resolver, const OwnerName& name, bool never_block, const Snapshot& snapshot, const Config& config, UnixTime now) {
    Region nowhere;
    auto verdict = decide(snapshot, name, {now, &nowhere, config.answer.action});
    bool expect_block = !never_block && verdict.outcome == Outcome::block;
    auto answer = resolver.ask(name, "A");
    Message why = expect_block ? wrong_with_block(answer, *verdict.by, config) : wrong_with_pass(answer, config);
    Json json{{"name", name.to_string()}, {"expected", expect_block ? "blocked" : "not blocked"}, {"action", expect_block ? Json(to_string(verdict.by->action)) : Json(nullptr)},
            {"order", expect_block ? Json(verdict.by->order->id) : Json(nullptr)}, {"answer", said(answer)}, {"right", why.empty()},
            {"problem", why.empty() ? Json(nullptr) : Json(why.english())}};
    return {std::move(json), std::move(why)};
}

}  // namespace saring::tool
