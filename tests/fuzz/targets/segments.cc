// A segment of the hit log. The first byte chooses its kind, and whether its CRCs are corrected, so that the code after
// the CRC checks is reached too.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "../fuzz.h"
#include "hitlog/crc32c.h"
#include "hits/reader.h"

namespace saring::fuzz {
namespace {

using namespace hits;
using namespace hitlog;

constexpr SegmentId id{0x1234, 1};

struct Folder {
    Folder() {
        if (!::mkdtemp(path)) std::abort();
    }
    ~Folder() { ::rmdir(path); }
    char path[32] = "/tmp/saring-fuzz-XXXXXX";
};

void put(Bytes& at, std::size_t offset, std::uint32_t v) {
    for (unsigned i = 0; i < 4; ++i) at[offset + i] = static_cast<char>(v >> (8 * i));
}

// Frames with plausible magic and length get correct CRCs.
Bytes sealed(Bytes content) {
    auto seed = crc_seed(id);
    for (std::size_t at = 0; at + FrameHeader::size_on_disk <= content.size();) {
        put(content, at, frame_magic);
        std::size_t size = static_cast<unsigned char>(content[at + 12]) |
                           std::size_t{static_cast<unsigned char>(content[at + 13])} << 8;
        size = std::min(size, content.size() - at - FrameHeader::size_on_disk);
        put(content, at + 12, static_cast<std::uint32_t>(size));
        content[at + 17] = static_cast<char>(format_version);
        ByteView payload = ByteView(content).substr(at + FrameHeader::size_on_disk, size);
        put(content, at + 8, crc32c(at == 0 ? head_seed : seed, payload));
        put(content, at + 4,
            crc32c(at == 0 ? head_seed : seed, ByteView(content).substr(at + 8, FrameHeader::size_on_disk - 8)));
        at += FrameHeader::size_on_disk + size;
    }
    return content;
}

}  // namespace

void one(ByteView input) {
    static Folder folder;
    Input in(input);
    auto how = in.byte();
    Bytes content = how & 2 ? sealed(Bytes(in.rest())) : Bytes(in.rest());
    auto name =
        std::string(folder.path) + "/" + segment_file_name(how & 1 ? SegmentKind::counts : SegmentKind::hits, id, 0);
    int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || ::write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size())) std::abort();
    ::close(fd);
    accepted(ErrorKind::database, [&] {
        HitsReader reader(std::make_shared<HitLog>(folder.path));
        std::uint64_t hits = 0, rows_found = 0;
        reader.each({}, HitsReader::Direction::oldest_first, [&](const Hit&) { return ++hits < 100000; });
        HitFilter filter;
        filter.since = 1;
        reader.each_columns(filter, [&](const RecordColumns& c, const std::vector<std::uint32_t>& rows) {
            for (auto row : rows) demand(c.time[row] >= 1, "a hit outside the filter");
            rows_found += rows.size();
        });
        reader.each_order_hour(0, 0xffffff, [](const OrderHour&) {});
        reader.each_dropped_hour(0, 0xffffff, [](Hour, std::uint64_t) {});
        reader.summary();
        accepted(ErrorKind::database, [&] { reader.each_name_hour(0, 0xffffff, [](const NameHour&) {}); });
        std::uint64_t torn = 0;
        for (const auto& s : reader.segments()) torn += s->torn_bytes();
        demand(torn <= content.size(), "a torn tail longer than its file");
    });
    ::unlink(name.c_str());
}

}  // namespace saring::fuzz
