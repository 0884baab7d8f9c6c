#include "hitlog/counts_log.h"

#include <unistd.h>

#include <algorithm>
#include <limits>

namespace saring::hitlog {
namespace {


}  // namespace

std::string CountsLog::file_name() const { return segment_ ? segment_->path().substr(folder_.size() + 1) : std::string(); }

void CountsLog::make_room(hits::Microseconds now) {
    if (segment_ && (segment_->size() >= max_segment || now / hits::day_us != segment_->head().begun / hits::day_us)) close();
    if (segment_) return;
    auto head = head_;
    ++head.id.number;
    head.begun = std::max<hits::Microseconds>(now, 0);
    head.process = static_cast<std::uint32_t>(::getpid());
    segment_ = std::make_unique<SegmentWriter>(folder_, SegmentKind::counts, head, mode_);
    head_ = head;
    totals_ = {};
}

void CountsLog::append(const SegmentId& counted, std::uint32_t from, std::uint32_t to, const std::string& instance, const HitCounts& counts, hits::Microseconds last,
                       hits::Microseconds now) {
    make_room(now);
    FrameHeader h;
    h.type = FrameType::counts;
    h.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(counts.total(), std::numeric_limits<std::uint32_t>::max()));
    h.from = from;
    h.a = counted.run;
    h.b = std::uint64_t{counted.number} << 32 | to;
    hits::Hour least = std::numeric_limits<hits::Hour>::max(), greatest = 0;
    counts.each_order([&](const HitCounts::OrderRow& r) {
        least = std::min(least, r.hour);
        greatest = std::max(greatest, r.hour);
    });
    h.first = std::min(least, greatest) * hits::hour_us;
    h.last = greatest * hits::hour_us;
    segment_->append(h, counts.encode(packer_, instance));
    totals_.add(instance, counts, counts.total(), counts.dropped(), counts.uncounted(), last);
}

void CountsLog::inherit(const SegmentId& expired, const Totals& totals, hits::Microseconds now) {
    make_room(now);
    FrameHeader h;
    h.type = FrameType::inherited;
    h.a = expired.run;
    h.b = expired.number;
    segment_->append(h, totals.encode());
    segment_->flush();
    totals_.add(totals);
}

void CountsLog::close() {
    if (!segment_) return;
    FrameHeader h;
    h.type = FrameType::totals;
    segment_->append(h, totals_.encode());
    segment_->close(packer_, true);
    segment_.reset();
}

}  // namespace saring::hitlog
