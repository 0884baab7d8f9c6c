// What is too old or too much goes: whole segments, of any run in the folder. Several processes may do so at once.
// Records that no counts cover are counted first, and the sums of counts that expire are kept.
#pragma once

#include "hitlog/counts_log.h"
#include "hitlog/folder.h"

namespace saring::hitlog {

struct RetentionLimits {
    unsigned keep_days = 30;                          // of records
    unsigned keep_hours_days = 400;                   // of counts by hour
    std::uint64_t max_size = std::uint64_t{2} << 30;  // bytes of all segments; the oldest records give way
};

// `mine`: file names of segments that the caller has open. Throws Error(database).
void retire(const std::string& folder, const RetentionLimits& limits, Microseconds now, RunId run,
            const std::vector<std::string>& mine, CountsLog& counts);

// Writes counts of those frames of a segment of records that none cover yet.
void cover(Segment& segment, const std::string& folder, CountsLog& counts, Microseconds now);

// Adds what the frames from `from` on hold, until `max_rows`; returns the number of the frame that it got to, or one
// past the last.
std::uint32_t count_frames(Segment& segment, std::uint32_t from, std::size_t max_rows, Unpacker& unpacker,
                           HitCounts& out, Microseconds& last);

// The sums of a segment of counts.
Totals totals_of(Segment& segment, Unpacker& unpacker);

}  // namespace saring::hitlog
