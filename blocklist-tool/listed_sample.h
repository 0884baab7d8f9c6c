// A sample of the names that some orders list.
#pragma once

#include <unordered_set>
#include <vector>

#include "reservoir.h"
#include "store/snapshot.h"

namespace saring::tool {

struct ListedName {
    Bytes key;
    Match match;  // as the first of those orders has it
};

std::vector<ListedName> sample_listed(const Snapshot& snapshot, const std::unordered_set<OrderIndex>& orders, std::size_t size, Engine& engine);

}  // namespace saring::tool
