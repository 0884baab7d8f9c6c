// Space used and left: in the database's map (database.map_size_mib) and on its file system.
#pragma once

#include <cstdint>

#include "ledger/database.h"

namespace saring::ledger {

struct SpaceUsage {
    std::uint64_t used = 0;       // bytes of pages with data; excludes free pages and pages kept for old readers
    std::uint64_t map = 0;        // bytes to which the file may grow
    std::uint64_t disk_free = 0;  // bytes that this user may still write to the file system
    std::uint64_t disk = 0;       // bytes of the whole file system; 0: unknown
};

// `map` is from the last writer's configuration. Throws Error(database).
SpaceUsage space_usage_of(Database& database);

}  // namespace saring::ledger
