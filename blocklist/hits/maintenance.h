// What the tool writes into the hits database. One transaction each, while resolvers go on.
#pragma once

#include "hits/database.h"
#include "hits/filter.h"

namespace saring::hits {

// Removes the records that the filter finds, for a subject's request or a time span; the
// aggregates by hour, which name no client, stay. Returns how many. The journal of purges in
// the summary keeps the count, so that totals still add up. Throws Error(database).
std::uint64_t purge_hits(HitsDatabase& db, const HitFilter& filter);

// Remembers that the consumer has all hits up to `sequence`.
void set_shipped(HitsDatabase& db, const std::string& consumer, std::uint64_t sequence);

}  // namespace saring::hits
