// Constants and codecs of the hit log's files: segments, frames, trailers. FORMAT.md describes the same in prose:
// change both. Integers are little-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "hitlog/hit.h"

namespace saring::hitlog {

constexpr std::uint8_t format_version = 1;
constexpr std::uint32_t frame_magic = 0x464c4853;    // "SHLF"
constexpr std::uint32_t trailer_magic = 0x454c4853;  // "SHLE"
constexpr std::size_t trailer_size = 16;  // magic u32, CRC32C u32 of the offset, offset u64 of the frame `index`

// Persisted; do not renumber.
enum class FrameType : std::uint8_t {
    head = 1,       // first in every segment: run, number, instance
    hits = 2,       // records
    dropped = 3,    // counts of hits that have no record
    counts = 4,     // counts by hour of a range of frames hits and dropped of one segment
    inherited = 5,  // totals of a segment of counts that has expired
    totals = 6,     // totals of this segment of counts, with the inherited ones
    index = 7,      // last in a closed segment: headers and offsets of its frames
};

// Persisted as the end of a file's name.
enum class SegmentKind : std::uint8_t { hits, counts };

// A run is the life of one writer, from the start of a module to its end.
using RunId = std::uint64_t;
std::string run_text(RunId run);  // 16 hex digits
// Identifies a segment of one kind in any folder.
struct SegmentId {
    RunId run = 0;
    std::uint32_t number = 0;  // 1, 2, ... for each kind in a run
    auto operator<=>(const SegmentId&) const = default;
};
// "20240214T070000Z-0123456789abcdef-000001.hits"; the time is `begun`.
std::string segment_file_name(SegmentKind kind, const SegmentId& id, Microseconds begun);
struct SegmentName {
    SegmentKind kind;
    SegmentId id;
    Microseconds begun;
    bool claimed = false;  // a resolver is about to remove it (retention.h)
};
// nullopt if the name is not spelled exactly as segment_file_name() does.
std::optional<SegmentName> parse_segment_name(const std::string& name);

// Precedes each frame's payload. FORMAT.md lists the meaning of `from`, `first`, `last`, `a` and `b` for each type.
struct FrameHeader {
    static constexpr std::size_t size_on_disk = 64;
    FrameType type{};
    std::uint32_t number = 0;  // 0, 1, ... in its segment; kept by a purge
    std::uint32_t count = 0;   // hits that it holds or counts
    std::uint32_t from = 0;
    std::uint32_t size = 0;  // bytes of the payload
    std::uint32_t payload_crc = 0;
    Microseconds first = 0, last = 0;  // least and greatest time of its hits
    std::uint64_t a = 0, b = 0;
    bool operator==(const FrameHeader&) const = default;
};
// No frame needs as much: a greater length is damage.
constexpr std::uint32_t max_payload = 64u << 20;

// The seed of the CRCs of one segment: a stale disk block of another segment fails the CRC.
std::uint32_t crc_seed(const SegmentId& id);
// The seed of frames `head`.
constexpr std::uint32_t head_seed = 0;

// Header and payload; fills in `size` and `payload_crc`.
Bytes encode_frame(FrameHeader header, ByteView payload, std::uint32_t seed);
// nullopt unless these bytes begin with a header whose CRC is right.
std::optional<FrameHeader> decode_header(ByteView bytes, std::uint32_t seed);
bool payload_is_sound(const FrameHeader& header, ByteView payload, std::uint32_t seed);

Bytes encode_trailer(std::uint64_t index_offset, std::uint32_t seed);
std::optional<std::uint64_t> decode_trailer(ByteView bytes, std::uint32_t seed);

// The content of the frame `head`.
struct SegmentHead {
    SegmentId id;
    std::string instance;
    std::uint32_t process = 0;  // id of the process that wrote it; for operators only
    Microseconds begun = 0;
};
Bytes encode_head(const SegmentHead& head);
std::optional<SegmentHead> decode_head(const FrameHeader& header, ByteView payload);

// Throws Error(database): the CRC of a payload is right, but its content is malformed.
[[noreturn]] void raise_corrupt(const Message& why);

}  // namespace saring::hitlog
