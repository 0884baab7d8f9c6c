#include "hitlog/counts_log.h"

#include <unistd.h>

#include <algorithm>
#include <limits>

namespace saring::hitlog {

std::string CountsLog::file_name() const {
    return segment_ ? segment_->path().substr(folder_.size() + 1) : std::string();
}

void CountsLog::make_room(Microseconds now) {
    if (segment_ && (segment_->size() >= max_segment || now / day_us != segment_->head().begun / day_us)) close();
    if (segment_) return;
    auto head = head_;
    ++head.id.number;
    head.begun = std::max<Microseconds>(now, 0);
    head.process = static_cast<std::uint32_t>(::getpid());
    segment_ = std::make_unique<SegmentWriter>(folder_, SegmentKind::counts, head);
    head_ = head;
    totals_ = {};
}

void CountsLog::append(const SegmentId& counted, std::uint32_t from, std::uint32_t to, const std::string& instance,
                       const HitCounts& counts, Microseconds last, Microseconds now) {
    make_room(now);
    FrameHeader h;
    h.count =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(counts.total(), std::numeric_limits<std::uint32_t>::max()));
    h.from = from;
    h.a = counted.run;
    h.b = std::uint64_t{counted.number} << 32 | to;
    write(h, instance, counts);
    if (!counts.empty()) totals_.add(instance, counts, counts.total(), counts.dropped(), counts.uncounted(), last);
}

void CountsLog::append_hours(const HitCounts& counts, Microseconds now) {
    make_room(now);
    FrameHeader h;
    h.a = head_.id.run;
    write(h, head_.instance, counts);
}

void CountsLog::write(FrameHeader h, const std::string& instance, const HitCounts& counts) {
    Hour least = std::numeric_limits<Hour>::max(), greatest = 0;
    auto widen = [&](Hour hour) {
        least = std::min(least, hour);
        greatest = std::max(greatest, hour);
    };
    counts.each_order([&](const HitCounts::OrderRow& r) { widen(r.hour); });
    counts.each_name([&](const HitCounts::NameRow& r) { widen(r.hour); });
    for (const auto& [hour, n] : counts.dropped_hours()) widen(hour);
    h.type = FrameType::counts;
    h.first = std::min(least, greatest) * hour_us;  // without rows: 0
    h.last = greatest * hour_us;
    segment_->append(h, counts.encode(packer_, instance));
}

void CountsLog::inherit(const SegmentId& expired, const Totals& totals, Microseconds now) {
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
