#include "hitlog/segment_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "hitlog/varint.h"

namespace saring::hitlog {
namespace {

[[noreturn]] void fail(const std::string& path, const Message& doing, int error) {
    throw Error(ErrorKind::database, path, doing + ": " + std::strerror(error),
                error == ENOSPC || error == EDQUOT ? msg("free disk space, or lower hits.max_size_mib")
                                                   : msg("check hits.path and its permissions"));
}

int create(const std::string& path) {
    int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) fail(path, msg("cannot create"), errno);
    // The users of the resolver and of the tool share no group, yet each reads the files of the other. A folder without
    // permissions for others keeps everybody else out.
    struct stat folder {};
    bool closed =
        ::stat(std::filesystem::path(path).parent_path().c_str(), &folder) == 0 && (folder.st_mode & S_IRWXO) == 0;
    if (closed) (void)!::fchmod(fd, 0644);
    return fd;
}

}  // namespace

SegmentWriter::SegmentWriter(const std::string& folder, SegmentKind kind, const SegmentHead& head)
    : SegmentWriter(folder + "/" + segment_file_name(kind, head.id, head.begun), head) {}

SegmentWriter::SegmentWriter(const std::string& path, const SegmentHead& head)
    : head_(head), path_(path), seed_(crc_seed(head.id)), fd_(create(path)) {
    try {
        write(encode_head(head));
    } catch (...) {
        remove();
        ::close(fd_);
        throw;
    }
    next_number_ = 1;
}

SegmentWriter::~SegmentWriter() { ::close(fd_); }

// Writes after the last whole frame, so that it overwrites what a failed write left.
void SegmentWriter::write(ByteView bytes) {
    std::uint64_t at = size_;
    while (!bytes.empty()) {
        ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            int error = errno;
            if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0) {  // a torn tail until the next write
            }
            fail(path_, msg("cannot write"), error);
        }
        at += static_cast<std::uint64_t>(n);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    size_ = at;
}

void SegmentWriter::append(FrameHeader h, ByteView payload) {
    h.number = std::max(h.number, next_number_);
    frames_.reserve(frames_.size() + 1);
    Bytes frame = encode_frame(h, payload, seed_);
    auto offset = size_;
    write(frame);
    h.size = static_cast<std::uint32_t>(payload.size());
    frames_.push_back({h, offset});
    next_number_ = h.number + 1;
    // A frame `counts` without rows has no times; it only names the frames that are counted.
    if (h.type != FrameType::hits && (h.type != FrameType::counts || h.last == 0)) return;
    bool is_first = least_ == 0 && greatest_ == 0;
    least_ = is_first ? h.first : std::min(least_, h.first);
    greatest_ = is_first ? h.last : std::max(greatest_, h.last);
    hits_ += h.count;
    if (h.type != FrameType::hits) return;
    if (first_sequence_ == 0) first_sequence_ = h.a;
    last_sequence_ = std::max(last_sequence_, h.b);
}

void SegmentWriter::close(Packer& packer, bool counted) {
    FrameHeader h;
    h.type = FrameType::index;
    h.number = next_number_;
    h.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(hits_, ~std::uint32_t{0}));
    h.from = counted ? index_counted : 0;
    h.first = least_;
    h.last = greatest_;
    h.a = first_sequence_;
    h.b = last_sequence_;
    auto offset = size_;
    write(encode_frame(h, encode_index(frames_, packer), seed_) + encode_trailer(offset, seed_));
    flush();
}

void SegmentWriter::flush() {
    if (::fdatasync(fd_) != 0) fail(path_, msg("cannot flush"), errno);
}

bool SegmentWriter::is_in_place() const {
    struct stat open_file {
    }, named_file{};
    return ::fstat(fd_, &open_file) == 0 && ::stat(path_.c_str(), &named_file) == 0 &&
           open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino;
}

void SegmentWriter::remove() { ::unlink(path_.c_str()); }

Bytes encode_index(const std::vector<FrameAt>& frames, Packer& packer) {
    ByteWriter out;
    out.varint(frames.size());
    FrameHeader last;
    std::uint64_t last_offset = 0;
    for (const auto& f : frames) {
        const auto& h = f.header;
        out.varint(f.offset - last_offset);
        out.varint(static_cast<std::uint64_t>(h.type));
        out.varint(h.number - last.number);
        out.varint(h.count);
        out.varint(h.from);
        out.varint(h.size);
        out.zigzag(distance(last.first, h.first));
        out.zigzag(distance(h.first, h.last));
        out.zigzag(static_cast<std::int64_t>(h.a - last.b));
        out.zigzag(static_cast<std::int64_t>(h.b - h.a));
        last = h;
        last_offset = f.offset;
    }
    Bytes packed;
    packer.pack(out.take(), packed);
    return packed;
}

std::vector<FrameAt> decode_index(ByteView payload, Unpacker& unpacker) {
    auto plain = unpacker.unpack(payload);
    ColumnReader in(plain.view());
    std::vector<FrameAt> out;
    FrameHeader last;
    std::uint64_t last_offset = 0;
    for (auto n = in.several(); n > 0; --n) {
        FrameAt f;
        f.offset = last_offset += in.varint();
        auto& h = f.header;
        h.type = static_cast<FrameType>(in.varint());
        h.number = last.number + static_cast<std::uint32_t>(in.varint());
        h.count = static_cast<std::uint32_t>(in.varint());
        h.from = static_cast<std::uint32_t>(in.varint());
        h.size = static_cast<std::uint32_t>(in.varint());
        h.first = moved(last.first, in.zigzag());
        h.last = moved(h.first, in.zigzag());
        h.a = last.b + static_cast<std::uint64_t>(in.zigzag());
        h.b = h.a + static_cast<std::uint64_t>(in.zigzag());
        last = h;
        out.push_back(f);
    }
    in.finish();
    return out;
}

}  // namespace saring::hitlog
