// A random sample of the names that the given orders list.
#pragma once

#include <unordered_set>
#include <vector>

#include "ledger/snapshot.h"
#include "probe/reservoir.h"

namespace saring::tool {

struct ListedName {
    Bytes key;
    policy::Match match;  // of the first of those orders that lists it
};

std::vector<ListedName> sample_listed(const ledger::Snapshot& snapshot,
                                      const std::unordered_set<policy::OrderIndex>& orders, std::size_t size,
                                      Engine& engine);

}  // namespace saring::tool
