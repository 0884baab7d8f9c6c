// The database of the micro-benchmarks and its image: the one at SARING_BENCH_DB, or a generated one with
// SARING_BENCH_NAMES names (default 1,000,000), made at first use and removed at the end.
#pragma once

#include <memory>
#include <vector>

#include "images.h"
#include "ledger/database.h"
#include "ledger/snapshot.h"
#include "worker.h"

namespace saring::bench {

struct Material {
    std::shared_ptr<ledger::Database> db;
    std::unique_ptr<Images> images;
    std::vector<OwnerName> listed;    // a sample from all over the list, in no order
    std::vector<OwnerName> below;     // names below those
    std::vector<OwnerName> unlisted;  // names with the same top-level domains that are not listed
};

const Material& material();

}  // namespace saring::bench
