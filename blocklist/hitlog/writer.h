// Writes the hits of one resolver to the hit log: records in its own segments, counts of hits that could not be
// recorded, counts by hour. It holds no lock, maps no file and reads other runs' files only to retire them. Used by one
// thread.
//
// Memory is bounded: 16,384 hits that are not packed yet, `max_waiting` bytes of packed ones while the disk cannot be
// written, and two tables of counts. Further hits are only counted.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "hitlog/counts_log.h"
#include "hitlog/records.h"
#include "hitlog/retention.h"

namespace saring::hitlog {

struct WriterOptions {
    std::string path;      // folder; created if missing
    std::string instance;  // the resolver's name in each hit
    RetentionLimits limits;
    std::size_t max_waiting = 2u << 20;  // bytes of packed records: some 50,000 hits or more
};

class HitLogWriter {
public:
    explicit HitLogWriter(WriterOptions options);  // touches no file yet
    ~HitLogWriter();                               // leaves the files as a process that dies; see close()

    // Adds a hit and sets its sequence. Never touches a file. On bad_alloc the hits of the current frame are lost and
    // counted in lost(). `known`: see FrameBuilder::add().
    void add(Record& record, FrameBuilder::ClientNumbers& known);
    void add(Record record) {
        FrameBuilder::ClientNumbers unknown;
        add(record, unknown);
    }
    void add_dropped(const HitCounts& counts);

    // Writes all pending hits, and begins a new segment if the current one is full, of an earlier hour, or if a purge
    // asked for it. Throws Error(database); unwritten hits stay pending.
    void flush(Microseconds now);
    // Removes segments beyond the limits (retention.h). Throws Error(database).
    void retire(Microseconds now);
    // Flushes, then closes the segments; the next flush begins new ones. Throws as flush().
    void close(Microseconds now);

    RunId run() const { return run_; }
    std::uint64_t recorded() const { return recorded_; }     // hits written
    std::uint64_t dropped() const { return dropped_hits_; }  // hits only counted, with their counts written
    std::uint64_t waiting() const;                           // hits not written yet, with those only counted
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
    std::uint32_t segments_ = 0;  // number of segments begun
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
