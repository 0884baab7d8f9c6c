// Takes over the hits of the hits database (data.mdb, an LMDB environment) that earlier versions kept in hits.path.
#pragma once

#include <string>

#include "base/error.h"

namespace saring::hits {

struct Takeover {
    bool there_was_one = false;
    std::uint64_t hits = 0, purged = 0, hours = 0;  // records; counts by hour and order
    std::uint64_t damaged = 0;                      // blocks that could not be read, and are left behind
};

bool has_earlier_database(const std::string& folder);

// Writes segments of a run that bears the database's id, so that (id, sequence) stays what it was and consumers go on
// where they were; then removes the database. Killed in between: run it again, and it starts over. No resolver of an
// earlier version may be running. Throws Error(database).
Takeover take_over_earlier(const std::string& folder);

}  // namespace saring::hits
