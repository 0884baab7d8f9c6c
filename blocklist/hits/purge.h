// Removes records for good, for a subject's request or a time span. Counts by hour, which name no client, stay.
#pragma once

#include <chrono>

#include "hits/reader.h"

namespace saring::hits {

struct Purged {
    std::uint64_t hits = 0;
    std::vector<Damage> damage;  // of frames that could not be read: they went too, as nobody can say whose they were
};

// Removes what the filter finds of all that was recorded until now. Resolvers are asked to begin new segments, which
// they do within a second; a segment whose resolver does not within `patience` is taken for one whose writer died.
// Then each segment that holds such hits is rewritten without them and renamed into its place, by which the old one is
// gone. Killed in between: some segments are purged, the others whole; again, and it goes on.
// Throws Error(database).
Purged purge_hits(const std::string& folder, const HitFilter& filter,
                  std::chrono::milliseconds patience = std::chrono::seconds(3));

}  // namespace saring::hits
