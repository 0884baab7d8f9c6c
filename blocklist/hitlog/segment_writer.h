// Writes one segment. No other process appends to it. A failed write leaves it unchanged.
#pragma once

#include <sys/types.h>

#include "hitlog/counts.h"
#include "hitlog/format.h"

namespace saring::hitlog {

struct FrameAt {
    FrameHeader header;
    std::uint64_t offset = 0;
};

class SegmentWriter {
public:
    // Creates the file, which must not exist. Throws Error(database).
    SegmentWriter(const std::string& folder, SegmentKind kind, const SegmentHead& head);
    // The same at a path that the caller renames later.
    SegmentWriter(const std::string& path, const SegmentHead& head);
    ~SegmentWriter();  // does not close(): readers see a segment whose writer died
    SegmentWriter(const SegmentWriter&) = delete;
    SegmentWriter& operator=(const SegmentWriter&) = delete;

    // The frame gets the next number, or the header's if that is greater. Throws Error(database), with nothing
    // appended.
    void append(FrameHeader header, ByteView payload);
    // Writes index and trailer, then flushes. `counted`: counts by hour cover the whole segment. Throws as append();
    // may then be called again.
    void close(Packer& packer, bool counted);
    // A purged copy keeps the range of sequences of the original.
    void set_sequences(std::uint64_t first, std::uint64_t last) { first_sequence_ = first, last_sequence_ = last; }

    void flush();              // to the disk; throws
    bool is_in_place() const;  // its path still names its file
    const SegmentId& id() const { return head_.id; }
    const std::string& path() const { return path_; }
    std::uint32_t next_number() const { return next_number_; }
    std::uint64_t size() const { return size_; }
    bool empty() const { return frames_.empty(); }
    const SegmentHead& head() const { return head_; }
    void remove();  // deletes the file

private:
    void write(ByteView bytes);

    const SegmentHead head_;
    const std::string path_;
    const std::uint32_t seed_;
    int fd_;
    std::uint64_t size_ = 0, hits_ = 0, first_sequence_ = 0, last_sequence_ = 0;
    std::uint32_t next_number_ = 0;
    Microseconds least_ = 0, greatest_ = 0;
    std::vector<FrameAt> frames_;  // without head and index
};

// The payload of the frame `index`.
Bytes encode_index(const std::vector<FrameAt>& frames, Packer& packer);
std::vector<FrameAt> decode_index(ByteView payload, Unpacker& unpacker);  // throws Error(database)
constexpr std::uint32_t index_counted = 1;                                // a bit of its header's `from`

}  // namespace saring::hitlog
