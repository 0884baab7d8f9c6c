// What the hits database tells: totals, and counts by hour.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hits/hit.h"

namespace saring::hits {

// What an instance (a resolver) has told, since the hits database was made.
struct InstanceTotals {
    std::string instance;
    std::uint64_t recorded = 0;     // hits written
    std::uint64_t dropped = 0;      // hits not written: queue full, disk full. Counted in the hours all the same
    std::uint64_t uncounted = 0;    // of the dropped, those whose name or order could not be kept either
    Microseconds last = 0;          // when it wrote last
};

// Who takes hits elsewhere (hits ship), and up to which sequence it has them all.
struct HitsConsumer {
    std::string name;
    std::uint64_t sequence = 0;
};

struct HitsSummary {
    std::string id;                  // of this hits database, random: (id, sequence) is unique everywhere
    std::uint64_t last_sequence = 0;
    std::uint64_t kept = 0;          // records there now
    std::uint64_t expired = 0;       // removed by age or size
    std::uint64_t purged = 0;        // removed by hits purge
    Microseconds oldest = 0, newest = 0;  // of the records kept; 0 without
    std::uint64_t bytes = 0;         // pages in use
    Hour first_hour = 0, last_hour = 0;   // of the counts by hour; 0 without
    std::vector<InstanceTotals> instances;
    std::vector<HitsConsumer> consumers;
    std::uint64_t recorded() const;
    std::uint64_t dropped() const;
};

struct OrderHour {
    Hour hour;
    std::string order, region;
    policy::Action action;
    std::uint64_t count;
};
struct OrderTotal {
    std::string order;
    policy::Action action;
    std::uint64_t count;  // since the hits database was made; never falls
};
struct NameHour {
    Hour hour;
    std::string order;
    std::string matched;  // the listed name or prefix; empty: not kept, see HitsSummary
    std::uint64_t count;
};

}  // namespace saring::hits
