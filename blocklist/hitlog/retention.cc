#include "hitlog/retention.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "hitlog/records.h"

namespace saring::hitlog {
namespace {

constexpr std::size_t max_rows = 32768;
// A writer begins a new segment each hour: the writer of a segment not modified for longer has died.
constexpr Microseconds abandoned_after = 2 * 3600 * second_us;
// A claim (~RUN) this old belongs to a run that died.
constexpr Microseconds claim_expires_after = 600 * second_us;

std::shared_ptr<Segment> opened(const std::string& folder, const SegmentFile& f) {
    try {
        return Segment::open(folder, f.file_name);
    } catch (const Error&) {
        return nullptr;  // unreadable: its hits cannot be counted
    }
}

class Retention {
public:
    Retention(const std::string& folder, const RetentionLimits& limits, Microseconds now, RunId run,
              const std::vector<std::string>& own_segments, CountsLog& counts)
        : folder_(folder),
          limits_(limits),
          now_(now),
          run_(run),
          own_segments_(own_segments),
          counts_(counts),
          files_(segment_files(folder)) {
        for (const auto& f : files_) bytes_ += f.size;
    }

    void run() {
        remove_older(SegmentKind::hits, limits_.keep_days);
        remove_older(SegmentKind::counts, limits_.keep_hours_days);
        for (auto kind : {SegmentKind::hits, SegmentKind::counts})
            for (auto& f : files_) {
                if (bytes_ <= limits_.max_size) return;
                if (f.name.kind == kind && f.size > 0 && has_no_writer(f)) remove(f, opened(folder_, f));
            }
    }

private:
    bool is_own(const SegmentFile& f) const {
        return std::find(own_segments_.begin(), own_segments_.end(), f.file_name) != own_segments_.end();
    }

    bool has_no_writer(const SegmentFile& f) const {
        if (is_own(f)) return false;
        if (f.modified * second_us < now_ - abandoned_after || f.modified * second_us > now_ + abandoned_after)
            return true;
        auto segment = opened(folder_, f);
        return !segment || segment->is_closed();
    }

    void remove_older(SegmentKind kind, unsigned days) {
        Microseconds limit = now_ - days * day_us;
        for (auto& f : files_) {
            if (f.name.kind != kind || f.name.begun >= limit || is_own(f)) continue;
            auto segment = opened(folder_, f);
            // Hits may be later than the beginning of their segment: by up to an hour, or more if the clock was set.
            if (segment && segment->last() >= limit) continue;
            remove(f, segment);
        }
    }

    void remove(SegmentFile& f, const std::shared_ptr<Segment>& segment) {
        if (f.name.kind == SegmentKind::counts) return retire_counts(f, segment);
        try {
            if (segment && !segment->is_counted()) cover(*segment, folder_, counts_, now_);
        } catch (const Error&) {  // no room to write the counts: try again at the next retire()
            return;
        }
        unlink(f, f.file_name);
    }

    void unlink(SegmentFile& f, const std::string& name) {
        ::unlink((folder_ + "/" + name).c_str());
        bytes_ -= std::min(bytes_, f.size);
        f.size = 0;
    }

    bool was_inherited(const SegmentId& id) {
        for (const auto& f : files_) {
            if (f.name.kind != SegmentKind::counts) continue;
            auto segment = opened(folder_, f);
            if (!segment) continue;
            for (const auto& frame : segment->frames())
                if (frame.header.type == FrameType::inherited && frame.header.a == id.run &&
                    frame.header.b == id.number)
                    return true;
        }
        return false;
    }

    // The rename is the claim: only one run succeeds. That run keeps the sums and removes the file.
    void retire_counts(SegmentFile& f, const std::shared_ptr<Segment>& segment) {
        struct stat s {};
        std::string path = folder_ + "/" + f.file_name,
                    claimed = f.file_name.substr(0, f.file_name.find('~')) + "~" + run_text(run_);
        if (f.name.claimed && ::stat(path.c_str(), &s) == 0 &&
            s.st_ctim.tv_sec * second_us > now_ - claim_expires_after)
            return;
        if (::rename(path.c_str(), (folder_ + "/" + claimed).c_str()) != 0) return;
        if (segment && !was_inherited(segment->id())) {
            Unpacker unpacker;
            if (auto renamed = Segment::open(folder_, claimed))
                counts_.inherit(segment->id(), totals_of(*renamed, unpacker), now_);
        }
        unlink(f, claimed);
    }

    const std::string& folder_;
    const RetentionLimits& limits_;
    const Microseconds now_;
    const RunId run_;
    const std::vector<std::string>& own_segments_;
    CountsLog& counts_;
    std::vector<SegmentFile> files_;
    std::uint64_t bytes_ = 0;
};

}  // namespace

void retire(const std::string& folder, const RetentionLimits& limits, Microseconds now, RunId run,
            const std::vector<std::string>& own_segments, CountsLog& counts) {
    Retention(folder, limits, now, run, own_segments, counts).run();
}

std::uint32_t count_frames(Segment& segment, std::uint32_t from, std::size_t rows, Unpacker& unpacker, HitCounts& out,
                           Microseconds& last) {
    std::uint32_t reached = from;
    for (const auto& frame : segment.frames()) {
        const auto& h = frame.header;
        if (h.number < from) continue;
        if (out.rows() >= rows) return h.number;
        reached = h.number + 1;
        if (h.type != FrameType::hits && h.type != FrameType::dropped) continue;
        auto payload = segment.payload(frame);
        if (!payload) continue;
        try {
            if (h.type == FrameType::dropped) {
                CountsFrame counted(*payload, unpacker, CountsFrame::Part::all);
                out.merge(counted);
            } else {
                RecordColumns columns(h, *payload, unpacker);
                columns.read_columns(unpacker);
                Bytes memory;
                for (std::size_t row = 0; row < columns.size(); ++row) out.add_recorded(columns.key(row, memory));
            }
            last = std::max(last, h.last);
        } catch (const Error&) { segment.note_damage(frame); }
    }
    return reached;
}

void cover(Segment& segment, const std::string& folder, CountsLog& counts, Microseconds now) {
    std::uint32_t covered = 0;
    for (const auto& f : segment_files(folder)) {
        if (f.name.kind != SegmentKind::counts) continue;
        auto counts_segment = opened(folder, f);
        if (!counts_segment) continue;
        for (const auto& frame : counts_segment->frames())
            if (frame.header.type == FrameType::counts && frame.header.a == segment.id().run &&
                frame.header.b >> 32 == segment.id().number)
                covered = std::max(covered, static_cast<std::uint32_t>(frame.header.b));
    }
    Unpacker unpacker;
    for (;;) {
        HitCounts uncovered(max_rows);
        Microseconds last = 0;
        auto reached = count_frames(segment, covered, max_rows / 2, unpacker, uncovered, last);
        if (uncovered.empty()) return;
        counts.append(segment.id(), covered, reached, segment.head().instance, uncovered, last, now);
        covered = reached;
    }
}

Totals totals_of(Segment& segment, Unpacker& unpacker) {
    const auto& frames = segment.frames();
    try {
        if (segment.is_closed() && !frames.empty() && frames.back().header.type == FrameType::totals)
            if (auto payload = segment.payload(frames.back())) return Totals::decode(*payload);
    } catch (const Error&) { segment.note_damage(frames.back()); }
    Totals out;
    for (const auto& frame : frames) {
        auto type = frame.header.type;
        if (type != FrameType::counts && type != FrameType::inherited) continue;
        auto payload = segment.payload(frame);
        if (!payload) continue;
        try {
            if (type == FrameType::inherited) {
                out.add(Totals::decode(*payload));
                continue;
            }
            CountsFrame c(*payload, unpacker, CountsFrame::Part::orders);
            if (c.total == 0) continue;
            out.add(c.instance, c, c.total, c.dropped, c.uncounted, frame.header.last);
        } catch (const Error&) { segment.note_damage(frame); }
    }
    return out;
}

}  // namespace saring::hitlog
