#include "receipt/local_passes.h"

#include <algorithm>

#include "ledger/stored_order.h"

namespace saring::receipt {

LocalPasses::LocalPasses(const ledger::Snapshot& s, UnixTime now) {
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        if (r.kind != policy::OrderKind::local || r.action != policy::Action::passthru || !r.in_force(now)) return;
        auto document = s.document(index);
        if (!document) return;
        order::Order order = ledger::stored_order(*document, r.id);
        for (const auto& d : order.domains) {
            auto [known, is_new] = names_.try_emplace(std::string(d.name.wire()), d);
            if (!is_new) known->second.match = policy::unite(known->second.match, d.match);
        }
        addresses_.insert(addresses_.end(), order.addresses.begin(), order.addresses.end());
    });
}

namespace {

// The entry at the name or above it that passes what the target covers.
template <typename Map>
bool passes(const Map& names, const order::DomainTarget& target) {
    for (OwnerName at = target.name;; at = at.parent()) {
        bool itself = at == target.name;
        if (auto found = names.find(std::string(at.wire())); found != names.end())
            if (itself ? found->second.match == policy::Match::subtree || found->second.match == target.match
                       : covers_below(found->second.match))
                return true;
        if (at.is_root()) return false;
    }
}

}  // namespace

std::uint64_t LocalPasses::count(const order::Order& order) const {
    std::uint64_t n = 0;
    std::unordered_map<std::string, order::DomainTarget> blocked;  // targets that no entry passes completely
    if (!names_.empty())
        for (const auto& d : order.domains) {
            if (passes(names_, d)) ++n;
            else blocked.emplace(std::string(d.name.wire()), d);
        }
    for (const auto& [wire, pass] : blocked.empty() ? decltype(names_)() : names_) {
        for (OwnerName at = pass.name;; at = at.parent()) {
            auto found = blocked.find(std::string(at.wire()));
            bool covered = found != blocked.end() && (at == pass.name || covers_below(found->second.match));
            n += covered;
            if (covered || at.is_root()) break;
        }
    }
    for (const auto& prefix : order.addresses)
        n += std::any_of(addresses_.begin(), addresses_.end(),
                         [&](const Prefix& p) { return p.contains(prefix) || prefix.contains(p); });
    return n;
}

}  // namespace saring::receipt
