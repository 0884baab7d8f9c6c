// Resolvers' statistics kept over days: quality.path/2024-02-14.ndjson, a JSON object for each reading. `metrics
// --output`, which its timer runs each minute, appends them with one write and removes days older than
// quality.keep_days. The sums are kept as Unbound reports them, so that figures of any time can be made.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config.h"
#include "ledger/snapshot.h"
#include "output/output.h"
#include "quality/statistics.h"

namespace saring::tool {

struct QualityReading {
    UnixTime time = 0;
    std::string resolver, region;  // as in WatchedResolver
    ResolverStatistics statistics;
};

// Throws Error(usage) naming the file.
void keep_readings(const config::QualityConfig& config, const std::vector<QualityReading>& readings, UnixTime now);

// An order that began or ended, on the time axis.
struct OrderMark {
    UnixTime time;
    bool begins;
    std::string order;
};
// In since <= time < until, by time.
std::vector<OrderMark> order_marks(const ledger::Snapshot& snapshot, UnixTime since, UnixTime until);

// Of one resolver, over a bar of time that it was measured in.
struct QualityBin {
    UnixTime begin = 0;
    std::string resolver, region;
    ServiceQuality quality;
    std::vector<OrderMark> marks;  // of orders in this time
};
// Bars that begin at multiples of `width` after `since`, by time and resolver. Lines that cannot be read are reported
// on standard error and left out. Two readings that are more than a quarter of an hour apart measure nothing.
std::vector<QualityBin> kept_quality(const config::QualityConfig& config, UnixTime since, UnixTime until,
                                     UnixTime width, const std::vector<OrderMark>& marks);
Json quality_bins_json(const std::vector<QualityBin>& bins);

}  // namespace saring::tool
