// How much of what the blocklist may grow to is in use: of its map (database.map_size_mib),
// and of the file system that it lies on.
#pragma once

#include <cstdint>

#include "ledger/database.h"

namespace saring::ledger {

struct SpaceUsage {
    std::uint64_t used =
        0;  // octets of pages that hold something; pages kept for old readers and free ones are not among them
    std::uint64_t map = 0;        // octets that the file may grow to
    std::uint64_t disk_free = 0;  // octets that whoever runs this may still write there
    std::uint64_t disk = 0;       // octets of the whole file system; 0: not known
};

// `map` is that of the last writer's configuration. Throws Error(database).
SpaceUsage space_usage_of(Database& database);

}  // namespace saring::ledger
