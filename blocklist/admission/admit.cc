#include "admission/admit.h"

#include <algorithm>
#include <set>

#include "order/check_new.h"
#include "order/order_limits.h"

namespace saring::admission {
namespace {
constexpr UnixTime clock_tolerance = 86400;  // seconds that two clocks may differ
}  // namespace

bool CheckedOrder::nothing_left() const {
    if (!screening.any() || !order.revokes.empty()) return false;
    if (screening.whole) return true;
    std::set<std::pair<ledger::HeldKind, Bytes>> keys;
    for (const auto& h : screening.held) keys.insert({h.kind, h.key});
    auto held = [&](ledger::HeldKind kind, const Bytes& key) { return keys.count({kind, key}) > 0; };
    return std::all_of(order.domains.begin(), order.domains.end(),
                       [&](const auto& d) { return held(ledger::HeldKind::name, Bytes(LookupKey(d.name).view())); }) &&
           std::all_of(order.addresses.begin(), order.addresses.end(),
                       [&](const auto& p) { return held(ledger::HeldKind::address, prefix_key(p)); });
}

void require_issued(const order::Order& order, UnixTime now) {
    if (order.issued <= now + clock_tolerance) return;
    throw Error(
        ErrorKind::refused, msg("order %1", order.id),
        msg("is issued at %1, but the clock here is at %2: it would take precedence over every order until then",
            format_rfc3339(order.issued), format_rfc3339(now)),
        msg("issue it with today's date; \"effective\" is the start of its effect"));
}

OrderIds::OrderIds(const ledger::Snapshot& snapshot) {
    snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) { add(r.id); });
}

void OrderIds::add(const std::string& id) { by_likeness_.emplace(order::id_likeness(id), id); }

std::optional<Message> OrderIds::mistakable(const std::string& id) const {
    auto [at, end] = by_likeness_.equal_range(order::id_likeness(id));
    for (; at != end; ++at)
        if (at->second != id)
            return msg("order %1: its id looks like that of another order, %2; ask the authority which is meant", id,
                       at->second);
    return std::nullopt;
}

CheckedOrder check_order(const config::Config& config, const Submission& submission, bool scheduled, UnixTime now) {
    auto report = check_signatures(config.trust, trust::KeyRole::order, submission.content, submission.signatures, now);
    trust::require_trust(report, submission.source);
    CheckedOrder out{
        order::parse_order(submission.content, submission.source), {submission.content, {}}, report.names(), {}};
    const order::Order& order = out.order;
    check_new_order(order, submission.source);
    // An expired order that lifts others is still taken: a subscriber that synchronises late must end in the same
    // state.
    if (order.expires <= now && order.revokes.empty())
        throw Error(ErrorKind::refused, msg("order %1", order.id), msg("expired %1", format_rfc3339(order.expires)),
                    msg("ask the authority for a new one"));
    require_issued(order, now);
    if (order.effective > now && !scheduled)
        throw Error(ErrorKind::refused, msg("order %1", order.id),
                    msg("takes effect only %1", format_rfc3339(order.effective)),
                    msg("apply it then, or now with --scheduled: it then takes effect automatically"));
    for (const auto& s : submission.signatures)
        out.document.signatures.emplace_back(s.source.substr(s.source.rfind('/') + 1), s.content);
    out.screening = safety::Rules::of(config)->screen(order);
    return out;
}

std::vector<ledger::HeldTarget> CheckedOrder::held() const {
    std::vector<ledger::HeldTarget> out;
    if (const auto& whole = screening.whole)
        out.push_back({ledger::HeldKind::whole, {}, policy::Match::subtree, whole->rule, whole->why});
    out.insert(out.end(), screening.held.begin(), screening.held.end());
    return out;
}

ledger::Applied admit(const config::Config& config, ledger::Writer& writer, const CheckedOrder& checked, UnixTime now) {
    ledger::OrderPolicy terms;
    terms.held = checked.held();
    terms.may_lift = [&](const std::string& authority, const std::string& other) {
        return config.safety.allows_lift(authority, other);
    };
    return writer.apply(checked.order, checked.document, checked.signers, now, terms);
}

}  // namespace saring::admission
