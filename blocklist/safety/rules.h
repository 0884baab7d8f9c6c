// The safety rules: targets that no order, list or local entry may block until a person has looked at them. finding.h
// lists the rules. They depend only on the target and the configuration, so an order is judged the same everywhere.
// Immutable; safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/config.h"
#include "ledger/quarantine.h"
#include "list/name_set.h"
#include "order/order.h"
#include "safety/finding.h"
#include "safety/never_block.h"
#include "safety/popular_names.h"
#include "safety/public_suffixes.h"
#include "safety/shared_networks.h"

namespace saring::safety {

// Held targets of an order.
struct Screening {
    std::optional<Finding> whole;          // every target is held
    std::vector<ledger::HeldTarget> held;  // single targets
    bool any() const { return whole || !held.empty(); }
};

class Rules {
public:
    // Reads the files that the configuration names; throws Error(usage) on the first unreadable one, since a missing
    // rule would protect nobody.
    explicit Rules(const config::Config& config);
    // Cached by configuration within a process, since a feed has many orders.
    static std::shared_ptr<const Rules> of(const config::Config& config);

    // Judged as a subtree unless `match` is exact.
    std::optional<Finding> check(const OwnerName& name, policy::Match match) const;
    std::optional<Finding> check(const Prefix& prefix) const;

    // Finds nothing in an order that only passes or lifts names.
    Screening screen(const order::Order& order) const;

    struct HeldName {
        std::size_t place;  // index in the list
        Finding finding;
    };
    // For a sorted list; sorted by place. Time grows with the number of rules, not with the list.
    std::vector<HeldName> screen(const list::NameSet& list) const;

    std::size_t never_block_names() const { return never_.names.size(); }

private:
    std::optional<Finding> check_popular(const OwnerName& name, policy::Match match) const;
    std::optional<Finding> check_whole(const order::Order& order) const;
    void protect_own(const config::Config& config);

    config::SafetyConfig limits_;
    ProtectedNames own_;
    std::vector<ProtectedPrefix> own_addresses_;
    NeverBlock never_;
    PopularNames popular_;
    PublicSuffixes suffixes_;
    SharedNetworks networks_;
};

}  // namespace saring::safety
