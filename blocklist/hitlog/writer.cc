#include "hitlog/writer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace saring::hitlog {
namespace {

constexpr std::uint64_t max_segment = 64u << 20, min_segment = 1u << 20;  // bytes
constexpr std::size_t max_count_rows = 32768, max_dropped_rows = 8192;    // some 100 bytes of memory a row
// Readers count the hits that no counts cover: bound their work.
constexpr std::uint64_t max_uncounted = 500'000;  // hits
constexpr Microseconds to_disk_every = 5 * second_us;

}  // namespace

HitLogWriter::HitLogWriter(WriterOptions options)
    : options_(std::move(options)),
      run_(new_run_id()),
      segment_bytes_(std::clamp<std::uint64_t>(options_.limits.max_size / 16, min_segment, max_segment)),
      counts_log_(options_.path, run_, options_.instance),
      counts_(max_count_rows),
      dropped_(max_dropped_rows) {}

HitLogWriter::~HitLogWriter() = default;

std::uint64_t HitLogWriter::waiting() const { return waiting_hits_ + building_.size() + dropped_.total(); }

void HitLogWriter::add(Record& r, FrameBuilder::ClientNumbers& known) {
    if (!building_.empty() && (building_.full() || building_.hour() != hour_of(r.time))) seal();
    if (waiting_bytes_ >= options_.max_waiting) return dropped_.add_dropped(r.key());
    r.sequence = next_sequence_;
    try {
        building_.add(r, known);
        ++next_sequence_;
    } catch (...) {
        lost_ += building_.size() + 1;
        building_.clear();
        throw;
    }
}

void HitLogWriter::add_dropped(const HitCounts& counts) { dropped_.merge(counts); }

void HitLogWriter::seal() {
    if (building_.empty()) return;
    waiting_.push_back({building_.header(), building_.payload(packer_, options_.instance), building_.pairs()});
    waiting_bytes_ += waiting_.back().bytes();
    waiting_hits_ += building_.size();
    building_.clear();
}

// The folder was moved, a file was removed, or a purge replaced the segment because its writer seemed dead. The frames
// already written stay there. Readers count those that no counts cover yet.
void HitLogWriter::leave_lost_segments() {
    if (segment_ && !segment_->is_in_place()) {
        segment_.reset();
        counts_.clear();
    }
    if (!counts_log_.is_in_place()) counts_log_.abandon();
}

void HitLogWriter::open_segment(Microseconds now) {
    if (::mkdir(options_.path.c_str(), 0770) != 0 && errno != EEXIST)
        throw Error(ErrorKind::database, options_.path, msg("cannot create: %1", std::strerror(errno)),
                    msg("check hits.path and its permissions"));
    SegmentHead head{{run_, segments_ + 1},
                     options_.instance,
                     static_cast<std::uint32_t>(::getpid()),
                     std::max<Microseconds>(now, 0)};
    segment_ = std::make_unique<SegmentWriter>(options_.path, SegmentKind::hits, head);
    ++segments_;
    counted_from_ = segment_->next_number();
}

void HitLogWriter::append(const FrameHeader& h, ByteView payload) {
    segment_->append(h, payload);
    unflushed_ = true;
    counted_last_ = std::max(counted_last_, h.last);
}

void HitLogWriter::write_waiting(Microseconds now) {
    seal();
    while (!waiting_.empty()) {
        append(waiting_.front().header, waiting_.front().payload);
        auto w = std::move(waiting_.front());  // what fails from here on must not write it again
        waiting_.pop_front();
        recorded_ += w.header.count;
        waiting_hits_ -= w.header.count;
        waiting_bytes_ -= w.bytes();
        RecordColumns(w.header, w.payload, unpacker_).add_pairs(w.pairs, counts_);
    }
    if (dropped_.empty()) return;
    FrameHeader h;
    h.type = FrameType::dropped;
    h.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(dropped_.total(), ~std::uint32_t{0}));
    h.first = h.last = now;
    append(h, dropped_.encode(packer_, options_.instance));
    dropped_hits_ += dropped_.total();
    counts_.merge(dropped_);
    dropped_.clear();
}

void HitLogWriter::write_counts(Microseconds now) {
    if (!segment_ || counts_.empty()) return;
    counts_log_.append(segment_->id(), counted_from_, segment_->next_number(), options_.instance, counts_,
                       counted_last_, now);
    counted_from_ = segment_->next_number();
    counts_.clear();
}

void HitLogWriter::close_segment(Microseconds now) {
    if (!segment_) return;
    if (segment_->empty()) {
        segment_->remove();
    } else {
        write_counts(now);
        segment_->close(packer_, true);
    }
    segment_.reset();
    unflushed_ = false;
}

void HitLogWriter::flush(Microseconds now) {
    leave_lost_segments();
    auto request = rotation_request(options_.path);
    rotation_asked_ |= std::exchange(rotation_request_, request) != request && looked_for_request_ && !request.empty();
    looked_for_request_ = true;
    if (!segment_) open_segment(now);
    write_waiting(now);
    bool has_reached_limit = segment_->size() >= segment_bytes_ || hour_of(segment_->head().begun) != hour_of(now);
    if ((rotation_asked_ || has_reached_limit) && !segment_->empty()) {
        close_segment(now);
        open_segment(now);
        rotation_asked_ = false;
    } else if (counts_.rows() >= max_count_rows / 2 || counts_.total() >= max_uncounted) {
        write_counts(now);
    }
    if (now - flushed_to_disk_ < to_disk_every && now >= flushed_to_disk_) return;
    flushed_to_disk_ = now;
    if (std::exchange(unflushed_, false)) segment_->flush();
}

void HitLogWriter::retire(Microseconds now) {
    std::vector<std::string> own_segments;
    if (segment_) own_segments.push_back(segment_->path().substr(options_.path.size() + 1));
    if (auto name = counts_log_.file_name(); !name.empty()) own_segments.push_back(name);
    hitlog::retire(options_.path, options_.limits, now, run_, own_segments, counts_log_);
}

void HitLogWriter::close(Microseconds now) {
    if (waiting() > 0 || segment_) flush(now);
    close_segment(now);
    counts_log_.close();
}

}  // namespace saring::hitlog
