// Which blocks may hold what a filter wants, from the indexes alone.
#pragma once

#include <optional>
#include <vector>

#include "hits/filter.h"
#include "hits/schema.h"

namespace saring::hits {

// First sequences, ascending; nothing when the filter names nothing that is indexed, and
// every block is to be looked at.
std::optional<std::vector<std::uint64_t>> candidate_blocks(const ledger::lmdb::Transaction& txn, const HitsTables& tables, const HitFilter& filter);

}  // namespace saring::hits
