// Writes the segments of counts of one run. Counts by hour name no client and outlive the records. Each frame names the
// frames and the segment of records that it counts, so nothing is counted twice, even if a writer dies.
#pragma once

#include <memory>

#include "hitlog/segment_writer.h"

namespace saring::hitlog {

class CountsLog {
public:
    static constexpr std::uint64_t max_segment = 8u << 20;  // bytes; and a day

    // Touches no file: the first frame makes the first segment.
    CountsLog(std::string folder, RunId run, std::string instance)
        : folder_(std::move(folder)), head_{{run, 0}, std::move(instance), 0, 0} {}

    // Writes the counts of the frames [from, to) of segment `counted`; `last` is the time of their last hit. Throws
    // Error(database), with nothing written.
    void append(const SegmentId& counted, std::uint32_t from, std::uint32_t to, const std::string& instance,
                const HitCounts& counts, Microseconds last, Microseconds now);
    // Writes rows that were counted elsewhere. They do not add to the sums: write those with inherit().
    void append_hours(const HitCounts& counts, Microseconds now);
    // Writes the sums of a segment of counts that is about to be removed.
    void inherit(const SegmentId& expired, const Totals& totals, Microseconds now);
    // Ends the segment; the next frame begins another.
    void close();
    bool is_in_place() const { return !segment_ || segment_->is_in_place(); }
    void abandon() { segment_.reset(); }
    std::string file_name() const;  // of the open segment; empty if none is open

private:
    void make_room(Microseconds now);
    void write(FrameHeader header, const std::string& instance, const HitCounts& counts);

    const std::string folder_;
    SegmentHead head_;
    Packer packer_;
    std::unique_ptr<SegmentWriter> segment_;
    Totals totals_;  // of the segment
};

}  // namespace saring::hitlog
