#include "policy/crowded.h"

#include <algorithm>

#include "policy/decide.h"

namespace saring::policy {
namespace {

constexpr std::size_t max_regions = 64;  // compared pairwise; more would keep a worker busy

OrderPrecedence precedence(const CrowdedLevels::Candidate& c) {
    return {c.action == Action::passthru, c.order->issued, c.entry.order};
}

}  // namespace

void CrowdedLevels::add(Slot& s, const Entry& e, std::shared_ptr<const OrderRecord> order) {
    if (!order) return;
    s.level.listed = true;
    for (UnixTime t : {order->effective, order->expires, order->lifted})
        if (t > s.from) s.until = std::min(s.until, t);
    if (!order->in_force(s.from) || !(s.itself ? covers_itself(e.match) : covers_below(e.match))) return;
    Action action = order->action.value_or(s.default_action);
    bool log = action == Action::log;
    if (!order->regions.empty()) (log ? s.level.logged_regional : s.level.regional) = true;
    if (order->kind == OrderKind::local && action == Action::passthru)
        s.level.local_passes.push_back({e, action, order});
    (log ? s.level.logged : s.level.deciding).push_back({e, action, std::move(order)});
}

void CrowdedLevels::leave_those_that_can_decide(std::vector<Candidate>& all) {
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return outranks(precedence(a), precedence(b)); });
    std::vector<Candidate> kept;
    for (auto& c : all) {
        auto looked_at = kept.begin() + static_cast<std::ptrdiff_t>(std::min(kept.size(), max_regions));
        bool hidden =
            std::any_of(kept.begin(), looked_at, [&](const auto& k) { return k.order->regions == c.order->regions; });
        bool everywhere = c.order->regions.empty();
        if (!hidden) kept.push_back(std::move(c));
        if (everywhere) break;
    }
    kept.shrink_to_fit();
    all = std::move(kept);
}

}  // namespace saring::policy
