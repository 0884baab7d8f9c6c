// Reads one segment: by its index if it is closed, else frame by frame, also while its writer appends to it. Uses
// pread, and trusts no length and no number before it has checked the CRC. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hitlog/segment_writer.h"

namespace saring::hitlog {

// An unreadable part of a segment.
struct Damage {
    std::string file;
    std::uint64_t offset = 0, bytes = 0;
    std::uint64_t hits = 0;  // lost; 0: not known
    RunId run = 0;
    std::uint64_t first_sequence = 0, last_sequence = 0;  // of the hits lost; 0: not known
    Message why = {};                                     // instead of offset and bytes
    Message message() const;
};

class Segment {
public:
    // Throws Error(database) if the file cannot be opened or is not a regular file; null if it is gone. damage() lists
    // the unreadable parts.
    static std::shared_ptr<Segment> open(const std::string& folder, const std::string& file_name);
    ~Segment();
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    // Reads the frames that were appended since. False: the file is gone or was replaced.
    bool refresh();
    // Closes the file and frees the index until the next use: a log has thousands of segments.
    void release();
    void close_file();

    const std::string& file_name() const { return file_name_; }
    SegmentKind kind() const { return name_.kind; }
    const SegmentId& id() const { return head_.id; }
    const SegmentHead& head() const { return head_; }
    Microseconds begun() const { return name_.begun; }
    bool is_closed() const { return closed_; }
    bool is_counted() const { return counted_; }              // counts by hour cover all of it
    std::uint64_t size() const { return size_; }              // bytes
    std::int64_t modified() const { return modified_; }       // file time, seconds since 1970
    std::uint32_t end_number() const { return end_number_; }  // above those of all its frames
    std::uint64_t torn_bytes() const { return torn_; }        // after the last whole frame

    // Of its records: number, times, sequences.
    std::uint64_t hits() const { return hits_; }
    Microseconds first() const { return first_; }
    Microseconds last() const { return last_; }
    std::uint64_t first_sequence() const { return first_sequence_; }
    std::uint64_t last_sequence() const { return last_sequence_; }

    // Without head and index, in the order in which they were written.
    const std::vector<FrameAt>& frames();
    // nullopt if the frame is damaged, which is noted. The view is valid until the next call.
    std::optional<ByteView> payload(const FrameAt& frame);
    // Notes that the CRC of a frame is right but its payload is malformed.
    void note_damage(const FrameAt& frame);
    const std::vector<Damage>& damage() const { return damage_; }

private:
    Segment(std::string folder, std::string file_name, const SegmentName& name);
    bool open_file();
    void load();
    bool load_index();
    void walk();
    void take(const FrameHeader& header, std::uint64_t offset);
    std::optional<std::uint64_t> next_frame(std::uint64_t from);
    ByteView read(std::uint64_t offset, std::size_t size);  // may return fewer bytes
    void note(std::uint64_t offset, std::uint64_t bytes, std::uint64_t hits, std::uint64_t first_sequence = 0,
              std::uint64_t last_sequence = 0);

    const std::string folder_, file_name_;
    const SegmentName name_;
    SegmentHead head_;
    std::uint32_t seed_ = 0;
    int fd_ = -1;
    std::uint64_t inode_ = 0, device_ = 0;
    std::uint64_t size_ = 0, walked_ = 0, torn_ = 0;
    bool has_head_ = false, closed_ = false, counted_ = false, framed_ = false;
    std::uint64_t index_at_ = 0;
    std::uint32_t end_number_ = 0;
    std::int64_t modified_ = 0;
    bool from_index_ = false;  // frames_ was read from the index
    std::uint64_t hits_ = 0, first_sequence_ = 0, last_sequence_ = 0;
    Microseconds first_ = 0, last_ = 0;
    std::vector<FrameAt> frames_;
    std::vector<Damage> damage_;
    Bytes buffer_;
    std::uint64_t buffer_at_ = 0;
    Bytes frame_;
};

}  // namespace saring::hitlog
