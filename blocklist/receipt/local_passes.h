// What the ISP's own policy lets through: a receipt says how many of an order's targets that takes away.
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
    // Targets of the order that an entry at or above lets through, and entries that let through a part of
    // what a target covers.
    std::uint64_t count(const order::Order& order) const;

private:
    std::unordered_map<std::string, order::DomainTarget> names_;  // by the name's wire format
    std::vector<Prefix> addresses_;
};

}  // namespace saring::receipt
