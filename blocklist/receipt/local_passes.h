// What the ISP's own policy lets through: a receipt says how many of an order's targets that takes away.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "store/snapshot.h"

namespace saring {

class LocalPasses {
public:
    // The `local allow` entries in force.
    LocalPasses(const Snapshot& snapshot, UnixTime now);
    // Targets of the order that an entry at or above lets through, and entries that let through a part of
    // what a target covers.
    std::uint64_t count(const Order& order) const;

private:
    std::unordered_map<std::string, DomainTarget> names_;  // by the name's wire format
    std::vector<Prefix> addresses_;
};

}  // namespace saring
