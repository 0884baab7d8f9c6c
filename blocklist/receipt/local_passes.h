// Counts an order's targets that the ISP's own policy passes, for its receipt.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/snapshot.h"
#include "order/order.h"

namespace saring::receipt {

class LocalPasses {
public:
    // The `local allow` entries in force.
    LocalPasses(const ledger::Snapshot& snapshot, UnixTime now);
    // Number of the order's targets that an entry at the name or above passes completely, and of entries that pass part
    // of what a target covers.
    std::uint64_t count(const order::Order& order) const;

private:
    std::unordered_map<std::string, order::DomainTarget> names_;  // by the name's wire format
    std::vector<Prefix> addresses_;
};

}  // namespace saring::receipt
