// What one resolver adds to the hit log: records in segments of its own, counts of what could not be recorded, counts
// by hour. It holds no lock, maps no file and reads others' files only to retire them. Used by one thread.
//
// Memory is bounded: 16,384 hits that are not packed yet, `max_waiting` bytes of packed ones while the disk takes
// none, and two tables of counts. Beyond that hits are counted only.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "hitlog/counts_log.h"
#include "hitlog/records.h"
#include "hitlog/retention.h"

namespace saring::hitlog {

struct WriterOptions {
    std::string path;      // folder; made if it is missing
    std::string instance;  // the resolver's name in each hit
    RetentionLimits limits;
    std::size_t max_waiting = 2u << 20;  // bytes of packed records: some 50,000 hits or more
};

class HitLogWriter {
public:
    explicit HitLogWriter(WriterOptions options);  // touches no file yet
    ~HitLogWriter();                               // as a process that dies; see close()

    // A hit; sets its sequence. Never touches a file. May throw bad_alloc; the hits of a frame are then lost and
    // counted in lost(). `known`: see FrameBuilder::add().
    void add(Record& record, FrameBuilder::ClientNumbers& known);
    void add(Record record) {
        FrameBuilder::ClientNumbers unknown;
        add(record, unknown);
    }
    void add_dropped(const HitCounts& counts);

    // Writes all that waits and begins a new segment where one is due. Throws Error(database); what could not be
    // written waits on.
    void flush(Microseconds now);
    // Removes what is too old or too much. Throws Error(database).
    void retire(Microseconds now);
    // Flushes and ends the segments; the next flush begins others. Throws as flush().
    void close(Microseconds now);

    RunId run() const { return run_; }
    std::uint64_t recorded() const { return recorded_; }     // hits written
    std::uint64_t dropped() const { return dropped_hits_; }  // hits counted only, and their counts written
    std::uint64_t waiting() const;                           // hits not written yet, counted ones too
    std::uint64_t lost() const { return lost_; }
    std::size_t waiting_bytes() const { return waiting_bytes_; }

private:
    struct PendingFrame {
        FrameHeader header;
        Bytes payload;
        std::vector<CountedPair> pairs;
        std::size_t bytes() const { return payload.size() + pairs.size() * sizeof(CountedPair); }
    };
    void seal();
    void leave_lost_segments();
    void open_segment(Microseconds now);
    void append(const FrameHeader& header, ByteView payload);
    void write_waiting(Microseconds now);
    void write_counts(Microseconds now);
    void close_segment(Microseconds now);

    const WriterOptions options_;
    const RunId run_;
    const std::uint64_t segment_bytes_;
    Packer packer_;
    Unpacker unpacker_;
    std::unique_ptr<SegmentWriter> segment_;
    std::uint32_t segments_ = 0;  // begun
    CountsLog counts_log_;
    HitCounts counts_;   // of the segment's frames from counted_from_ on
    HitCounts dropped_;  // not in any frame yet
    std::uint32_t counted_from_ = 0;
    Microseconds counted_last_ = 0;
    FrameBuilder building_;
    std::deque<PendingFrame> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t waiting_hits_ = 0, next_sequence_ = 1, recorded_ = 0, dropped_hits_ = 0, lost_ = 0;
    std::string rotation_request_;
    bool looked_for_request_ = false, rotation_asked_ = false, unflushed_ = false;
    Microseconds flushed_to_disk_ = 0;
};

}  // namespace saring::hitlog
