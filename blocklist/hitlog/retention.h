// Removes segments that are too old, and the oldest ones while the folder is too large: whole segments of any run.
// Several processes may do so at once. Records that no counts cover are counted first; the sums of expired counts are
// kept.
#pragma once

#include "hitlog/counts_log.h"
#include "hitlog/folder.h"

namespace saring::hitlog {

struct RetentionLimits {
    unsigned keep_days = 30;         // of records
    unsigned keep_hours_days = 400;  // of counts by hour
    std::uint64_t max_size = std::uint64_t{2}
                             << 30;  // bytes of all segments; beyond it the oldest records are removed first
};

// `own_segments`: file names of segments that the caller has open. Throws Error(database).
void retire(const std::string& folder, const RetentionLimits& limits, Microseconds now, RunId run,
            const std::vector<std::string>& own_segments, CountsLog& counts);

// Writes counts of the frames of a segment of records that no counts cover yet.
void cover(Segment& segment, const std::string& folder, CountsLog& counts, Microseconds now);

// Adds the hits of the frames from number `from` on to `out`, until it has `max_rows`. Returns the number of the first
// frame that is not counted. `last` becomes the time of the last hit counted.
std::uint32_t count_frames(Segment& segment, std::uint32_t from, std::size_t max_rows, Unpacker& unpacker,
                           HitCounts& out, Microseconds& last);

// The sums of a segment of counts.
Totals totals_of(Segment& segment, Unpacker& unpacker);

}  // namespace saring::hitlog
