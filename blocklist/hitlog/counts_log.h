// The segments of counts of one run: counts by hour, which name no client and outlive the records. A frame tells
// which frames of which segment of records it counts, so that nothing is counted twice, whoever died when.
#pragma once

#include <memory>

#include "hitlog/segment_writer.h"

namespace saring::hitlog {

class CountsLog {
public:
    static constexpr std::uint64_t max_segment = 8u << 20;  // bytes; and a day

    // Makes its first segment with the first frame.
    CountsLog(std::string folder, RunId run, std::string instance)
        : folder_(std::move(folder)), head_{{run, 0}, std::move(instance), 0, 0} {}

    // What the frames `from` to before `to` of that segment hold, of hits until `last`. Throws Error(database), with
    // nothing written.
    void append(const SegmentId& counted, std::uint32_t from, std::uint32_t to, const std::string& instance,
                const HitCounts& counts, Microseconds last, Microseconds now);
    // Hours that were counted elsewhere, with sums that inherit() tells.
    void append_hours(const HitCounts& counts, Microseconds now);
    // The sums of a segment of counts that is about to be removed.
    void inherit(const SegmentId& expired, const Totals& totals, Microseconds now);
    // Ends the segment; the next frame begins another.
    void close();
    bool is_in_place() const { return !segment_ || segment_->is_in_place(); }
    void abandon() { segment_.reset(); }
    std::string file_name() const;  // of the open segment; empty: there is none

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
