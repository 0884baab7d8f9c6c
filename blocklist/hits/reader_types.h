// Totals and counts by hour of the hit log; positions in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "hitlog/format.h"

namespace saring::hits {

// The log's own words are this folder's as well.
using namespace hitlog;

// A look was ended by its maker.
class LookEnded : public Error {
public:
    LookEnded()
        : Error(ErrorKind::usage, msg("hits"), msg("the search takes too long"),
                msg("look at a shorter time or at fewer hits")) {}
};

// Up to which sequence of each run.
using Position = std::map<RunId, std::uint64_t>;

inline std::uint64_t after_of(const Position* after, RunId run) {
    if (!after) return 0;
    auto at = after->find(run);
    return at == after->end() ? 0 : at->second;
}

// Totals of an instance (a resolver) since the hit log was begun.
struct InstanceTotals {
    std::string instance;
    std::uint64_t recorded = 0;   // hits written
    std::uint64_t dropped = 0;    // hits not written: queue full, disk full. Counted in the hours all the same
    std::uint64_t uncounted = 0;  // of the dropped, those whose name or order could not be kept either
    Microseconds last = 0;        // when it wrote last
};

// A destination of hits (hits ship), and how many of the recorded hits it has or were gone.
struct HitsConsumer {
    std::string name;
    std::uint64_t sequence = 0;
};

// One resolver's life, see hitlog/FORMAT.md.
struct Run {
    RunId id = 0;
    std::string instance;
    Microseconds begun = 0;
    std::uint64_t last_sequence = 0;
};

struct HitsSummary {
    std::string id;                       // hits/state.h, log_id(); empty: it was never shipped
    std::vector<Run> runs;                // whose records are there; by when they were begun
    std::uint64_t last_sequence = 0;      // of these runs, all together
    std::uint64_t kept = 0;               // records there now
    std::uint64_t expired = 0;            // removed by age or size
    std::uint64_t purged = 0;             // removed by hits purge
    std::uint64_t missing = 0;            // gone without either, see missing.h
    Microseconds oldest = 0, newest = 0;  // of the records kept; 0 without
    std::uint64_t bytes = 0;              // of all segments
    Hour first_hour = 0, last_hour = 0;   // of the counts by hour; 0 without
    std::vector<InstanceTotals> instances;
    std::vector<HitsConsumer> consumers;
    std::uint64_t recorded() const;
    std::uint64_t dropped() const;
};

struct OrderHour {
    Hour hour;
    std::string_view order, region;  // for the visit
    policy::Action action;
    std::uint64_t count;
};
struct NameHour {
    Hour hour;
    std::string order;
    std::string matched;  // the listed name or prefix; empty: not kept, see HitsSummary
    std::uint64_t count;
};

}  // namespace saring::hits
