// One segment while it is written. Only its writer appends to it; a write that fails leaves it as it was.
#pragma once

#include <sys/types.h>

#include "hitlog/counts.h"
#include "hitlog/format.h"

namespace saring::hitlog {

// Where a frame lies.
struct FrameAt {
    FrameHeader header;
    std::uint64_t offset = 0;
};

class SegmentWriter {
public:
    // Makes the file, which must not exist. Throws Error(database).
    SegmentWriter(const std::string& folder, SegmentKind kind, const SegmentHead& head);
    // The same at a name of the caller's choice, to be moved to its place.
    SegmentWriter(const std::string& path, const SegmentHead& head);
    ~SegmentWriter();  // as it is: a reader takes it for one whose writer died
    SegmentWriter(const SegmentWriter&) = delete;
    SegmentWriter& operator=(const SegmentWriter&) = delete;

    // Numbered on from the last one, or as the header says where that is later. Throws Error(database), with nothing
    // appended.
    void append(FrameHeader header, ByteView payload);
    // Ends it: index, trailer, all of it on the disk. `counted`: counts by hour cover all of it. Throws as append();
    // may be called again.
    void close(Packer& packer, bool counted);
    // A segment of which frames were taken out keeps the range of sequences that it had.
    void set_sequences(std::uint64_t first, std::uint64_t last) { first_sequence_ = first, last_sequence_ = last; }

    void flush();              // to the disk; throws
    bool is_in_place() const;  // its file still stands at its path
    const SegmentId& id() const { return head_.id; }
    const std::string& path() const { return path_; }
    std::uint32_t next_number() const { return next_number_; }
    std::uint64_t size() const { return size_; }
    bool empty() const { return frames_.empty(); }
    const SegmentHead& head() const { return head_; }
    void remove();  // its file

private:
    void write(ByteView octets);

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
