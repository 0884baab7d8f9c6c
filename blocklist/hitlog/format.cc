#include "hitlog/format.h"

#include <array>
#include <cstdio>

#include "base/time.h"
#include "hitlog/crc32c.h"

namespace saring::hitlog {
namespace {

constexpr std::string_view kind_ends[] = {".hits", ".counts"};

}  // namespace

std::string run_text(RunId run) {
    std::array<char, 17> out{};
    std::snprintf(out.data(), out.size(), "%016llx", static_cast<unsigned long long>(run));
    return out.data();
}

std::string segment_file_name(SegmentKind kind, const SegmentId& id, Microseconds begun) {
    std::string time;
    for (char c : format_rfc3339(begun / second_us))
        if (c != '-' && c != ':') time.push_back(c);
    std::array<char, 12> number{};
    std::snprintf(number.data(), number.size(), "%06u", id.number);
    return time + "-" + run_text(id.run) + "-" + number.data() + std::string(kind_ends[static_cast<std::size_t>(kind)]);
}

std::optional<SegmentName> parse_segment_name(const std::string& whole) {
    std::string name = whole.substr(0, whole.find('~'));
    SegmentName out{};
    out.claimed = name.size() != whole.size();
    unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, number = 0;
    unsigned long long run = 0;
    int end = 0;
    if (std::sscanf(name.c_str(), "%4u%2u%2uT%2u%2u%2uZ-%16llx-%9u%n", &year, &month, &day, &hour, &minute, &second,
                    &run, &number, &end) != 8)
        return std::nullopt;
    out.id = {run, number};
    for (auto kind : {SegmentKind::hits, SegmentKind::counts}) {
        std::array<char, 32> time{};
        std::snprintf(time.data(), time.size(), "%04u-%02u-%02uT%02u:%02u:%02uZ", year % 10000, month % 100, day % 100,
                      hour % 100, minute % 100, second % 100);
        out.kind = kind;
        if (name.substr(static_cast<std::size_t>(end)) != kind_ends[static_cast<std::size_t>(kind)]) continue;
        try {
            out.begun = parse_rfc3339(time.data(), "name") * second_us;
        } catch (const Error&) { return std::nullopt; }
        // Accept only the canonical spelling.
        if (segment_file_name(kind, out.id, out.begun) == name) return out;
    }
    return std::nullopt;
}

std::uint32_t crc_seed(const SegmentId& id) {
    ByteWriter w;
    w.integer(id.run);
    w.integer(id.number);
    return crc32c(frame_magic, w.take());
}

Bytes encode_frame(FrameHeader h, ByteView payload, std::uint32_t seed) {
    ByteWriter covered;
    covered.integer(crc32c(seed, payload));
    covered.integer(static_cast<std::uint32_t>(payload.size()));
    covered.integer(static_cast<std::uint8_t>(h.type));
    covered.integer(format_version);
    covered.integer(std::uint16_t{0});
    covered.integer(h.number);
    covered.integer(h.count);
    covered.integer(h.from);
    covered.integer(h.first);
    covered.integer(h.last);
    covered.integer(h.a);
    covered.integer(h.b);
    Bytes header = covered.take();
    ByteWriter out;
    out.integer(frame_magic);
    out.integer(crc32c(seed, header));
    out.raw(header);
    out.raw(payload);
    return out.take();
}

std::optional<FrameHeader> decode_header(ByteView bytes, std::uint32_t seed) {
    if (bytes.size() < FrameHeader::size_on_disk) return std::nullopt;
    bytes = bytes.substr(0, FrameHeader::size_on_disk);
    ByteReader in(bytes, "frame");
    if (in.integer<std::uint32_t>() != frame_magic || in.integer<std::uint32_t>() != crc32c(seed, bytes.substr(8)))
        return std::nullopt;
    FrameHeader h;
    h.payload_crc = in.integer<std::uint32_t>();
    h.size = in.integer<std::uint32_t>();
    h.type = static_cast<FrameType>(in.integer<std::uint8_t>());
    if (in.integer<std::uint8_t>() != format_version) return std::nullopt;
    in.integer<std::uint16_t>();
    h.number = in.integer<std::uint32_t>();
    h.count = in.integer<std::uint32_t>();
    h.from = in.integer<std::uint32_t>();
    h.first = in.integer<Microseconds>();
    h.last = in.integer<Microseconds>();
    h.a = in.integer<std::uint64_t>();
    h.b = in.integer<std::uint64_t>();
    if (h.size > max_payload) return std::nullopt;
    return h;
}

bool payload_is_sound(const FrameHeader& h, ByteView payload, std::uint32_t seed) {
    return payload.size() == h.size && crc32c(seed, payload) == h.payload_crc;
}

Bytes encode_trailer(std::uint64_t index_offset, std::uint32_t seed) {
    ByteWriter offset;
    offset.integer(index_offset);
    Bytes bytes = offset.take();
    ByteWriter out;
    out.integer(trailer_magic);
    out.integer(crc32c(seed, bytes));
    out.raw(bytes);
    return out.take();
}

std::optional<std::uint64_t> decode_trailer(ByteView bytes, std::uint32_t seed) {
    if (bytes.size() != trailer_size) return std::nullopt;
    ByteReader in(bytes, "trailer");
    if (in.integer<std::uint32_t>() != trailer_magic || in.integer<std::uint32_t>() != crc32c(seed, bytes.substr(8)))
        return std::nullopt;
    return in.integer<std::uint64_t>();
}

Bytes encode_head(const SegmentHead& head) {
    ByteWriter payload;
    payload.bytes(head.instance);
    payload.integer(head.process);
    FrameHeader h;
    h.type = FrameType::head;
    h.first = h.last = head.begun;
    h.a = head.id.run;
    h.b = head.id.number;
    return encode_frame(h, payload.take(), head_seed);
}

std::optional<SegmentHead> decode_head(const FrameHeader& h, ByteView payload) {
    if (h.type != FrameType::head || !payload_is_sound(h, payload, head_seed)) return std::nullopt;
    ByteReader in(payload, "head of a segment");
    SegmentHead out;
    out.id = {h.a, static_cast<std::uint32_t>(h.b)};
    out.instance = in.bytes();
    out.process = in.integer<std::uint32_t>();
    out.begun = h.first;
    return out;
}

void raise_corrupt(const Message& why) {
    throw Error(ErrorKind::database, msg("hit log"), msg("corrupt: a frame %1", why),
                msg("remove the segment that is named; the others stay readable"));
}

}  // namespace saring::hitlog
