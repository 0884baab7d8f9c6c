// The safety rules: what no order, list or local entry may block without a person
// having looked at it. finding.h lists them by name. All are decided from the target and
// the configuration alone, so the same order is judged the same way everywhere.
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

// What of an order is held back.
struct Screening {
    std::optional<Finding> whole;          // every target, whatever else is held
    std::vector<ledger::HeldTarget> held;  // single targets
    bool any() const { return whole || !held.empty(); }
};

class Rules {
public:
    // Reads the files that the configuration names; throws Error(usage) on the first that
    // cannot be read, since a rule that is silently missing protects nobody.
    explicit Rules(const config::Config& config);
    // The rules of a configuration, read once a process: a feed has many orders.
    static std::shared_ptr<const Rules> of(const config::Config& config);

    // A subtree claim where `match` is not exact.
    std::optional<Finding> check(const OwnerName& name, policy::Match match) const;
    std::optional<Finding> check(const Prefix& prefix) const;

    // An order that only passes or lifts cannot block too much.
    Screening screen(const order::Order& order) const;

    struct HeldName {
        std::size_t place;  // in the list
        Finding finding;
    };
    // A sorted list, by place. Time grows with the rules, not with the list.
    std::vector<HeldName> screen(const list::NameSet& list) const;

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
