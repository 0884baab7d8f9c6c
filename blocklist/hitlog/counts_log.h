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
    CountsLog(std::string folder, RunId run, std::string instance, mode_t mode = 0640)
        : folder_(std::move(folder)), head_{{run, 0}, std::move(instance), 0, 0}, mode_(mode) {}

    // What the frames `from` to before `to` of that segment hold, of hits until `last`. Throws Error(database), with
    // nothing written.
    void append(const SegmentId& counted, std::uint32_t from, std::uint32_t to, const std::string& instance, const HitCounts& counts, hits::Microseconds last,
                hits::Microseconds now);
    // The sums of a segment of counts that is about to be removed.
    void inherit(const SegmentId& expired, const Totals& totals, hits::Microseconds now);
    // Ends the segment; the next frame begins another.
    void close();
    bool is_in_place() const { return !segment_ || segment_->is_in_place(); }
    void abandon() { segment_.reset(); }
    std::string file_name() const;  // of the open segment; empty: there is none

private:
    void make_room(hits::Microseconds now);

    const std::string folder_;
    SegmentHead head_;
    const mode_t mode_;
    Packer packer_;
    std::unique_ptr<SegmentWriter> segment_;
    Totals totals_;  // of the segment
};

}  // namespace saring::hitlog
