#include "hitlog/segment.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace saring::hitlog {
namespace {

constexpr std::size_t read_ahead = 256u << 10;

}  // namespace

Message Damage::message() const {
    if (!why.empty()) return why;
    auto where = msg("%1 bytes at %2 are damaged", bytes, offset);
    return hits ? where + ": " + msgn("%1 hit cannot be read", "%1 hits cannot be read", hits) : where;
}

Segment::Segment(std::string folder, std::string file_name, const SegmentName& name)
    : folder_(std::move(folder)), file_name_(std::move(file_name)), name_(name) {
    // Replaced when load() reads the head.
    head_.id = name.id;
    head_.begun = name.begun;
    seed_ = crc_seed(name.id);
}

Segment::~Segment() { close_file(); }

std::shared_ptr<Segment> Segment::open(const std::string& folder, const std::string& file_name) {
    auto name = parse_segment_name(file_name);
    if (!name) return nullptr;
    std::shared_ptr<Segment> out(new Segment(folder, file_name, *name));
    if (!out->open_file()) return nullptr;
    out->load();
    out->close_file();
    return out;
}

bool Segment::open_file() {
    if (fd_ >= 0) return true;
    std::string path = folder_ + "/" + file_name_;
    // O_NONBLOCK: do not wait if it is a named pipe.
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd_ < 0 && errno == ENOENT) return false;
    struct stat s {};
    if (fd_ < 0 || ::fstat(fd_, &s) != 0)
        throw Error(ErrorKind::database, path, msg("cannot read: %1", std::strerror(errno)),
                    msg("check hits.path and its permissions"));
    if (!S_ISREG(s.st_mode)) throw Error(ErrorKind::database, path, msg("is not a regular file"), msg("remove it"));
    if (inode_ != 0 && (s.st_ino != inode_ || s.st_dev != device_)) {
        close_file();
        return false;
    }
    inode_ = s.st_ino;
    device_ = s.st_dev;
    return true;
}

void Segment::close_file() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    buffer_ = Bytes();
}

void Segment::release() {
    close_file();
    if (!from_index_) return;
    from_index_ = framed_ = false;
    frames_ = {};
}

bool Segment::refresh() {
    struct stat s {};
    if (::stat((folder_ + "/" + file_name_).c_str(), &s) != 0 || s.st_ino != inode_ || s.st_dev != device_)
        return false;
    if (closed_ || static_cast<std::uint64_t>(s.st_size) == size_) return true;
    if (!open_file()) return false;
    load();
    close_file();
    return true;
}

ByteView Segment::read(std::uint64_t offset, std::size_t size) {
    if (offset >= buffer_at_ && offset + size <= buffer_at_ + buffer_.size())
        return ByteView(buffer_).substr(offset - buffer_at_, size);
    buffer_.resize(std::max(size, read_ahead));
    std::size_t got = 0;
    while (got < buffer_.size()) {
        ssize_t n = ::pread(fd_, buffer_.data() + got, buffer_.size() - got, static_cast<off_t>(offset + got));
        if (n < 0 && errno == EINTR) continue;
        // An unreadable sector is damage like any other.
        if (n <= 0) break;
        got += static_cast<std::size_t>(n);
    }
    buffer_.resize(got);
    buffer_at_ = offset;
    return ByteView(buffer_).substr(0, size);
}

void Segment::note(std::uint64_t offset, std::uint64_t bytes, std::uint64_t hits, std::uint64_t first_sequence,
                   std::uint64_t last_sequence) {
    if (std::any_of(damage_.begin(), damage_.end(), [&](const Damage& d) { return d.offset == offset; })) return;
    damage_.push_back({folder_ + "/" + file_name_, offset, bytes, hits, name_.id.run, first_sequence, last_sequence});
}

void Segment::note_damage(const FrameAt& f) {
    bool has_hits = f.header.type == FrameType::hits;
    note(f.offset, FrameHeader::size_on_disk + f.header.size, has_hits ? f.header.count : 0, has_hits ? f.header.a : 0,
         has_hits ? f.header.b : 0);
}

void Segment::load() {
    struct stat s {};
    if (::fstat(fd_, &s) != 0) return;
    size_ = static_cast<std::uint64_t>(s.st_size);
    modified_ = s.st_mtim.tv_sec;
    buffer_.clear();
    if (!has_head_) {
        auto bytes = read(0, FrameHeader::size_on_disk);
        auto header = decode_header(bytes, head_seed);
        std::optional<SegmentHead> head;
        if (header) head = decode_head(*header, read(FrameHeader::size_on_disk, header->size));
        if (head && head->id == name_.id) {
            head_ = *head;
            has_head_ = true;
            walked_ = FrameHeader::size_on_disk + header->size;
        } else if (size_ > FrameHeader::size_on_disk) {
            // The file name has run and number, so the frames after the damaged head can be read.
            note(0, FrameHeader::size_on_disk, 0);
            has_head_ = true;
            walked_ = FrameHeader::size_on_disk;
        } else {
            torn_ = size_;
            return;
        }
    }
    if (!load_index()) walk();
}

// True if the segment is closed. Sets the totals without reading the frames.
bool Segment::load_index() {
    if (size_ < trailer_size) return false;
    auto at = decode_trailer(read(size_ - trailer_size, trailer_size), seed_);
    if (!at || *at > size_) return false;
    auto h = decode_header(read(*at, FrameHeader::size_on_disk), seed_);
    if (!h || h->type != FrameType::index) return false;
    closed_ = true;
    counted_ = h->from & index_counted;
    index_at_ = *at;
    end_number_ = h->number;
    hits_ = name_.kind == SegmentKind::hits ? h->count : 0;
    first_ = h->first;
    last_ = h->last;
    first_sequence_ = h->a;
    last_sequence_ = h->b;
    torn_ = 0;
    framed_ = false;
    return true;
}

void Segment::take(const FrameHeader& h, std::uint64_t offset) {
    frames_.push_back({h, offset});
    end_number_ = h.number + 1;
    if (h.type != FrameType::hits && (h.type != FrameType::counts || h.last == 0)) return;
    bool is_first = first_ == 0 && last_ == 0;
    first_ = is_first ? h.first : std::min(first_, h.first);
    last_ = is_first ? h.last : std::max(last_, h.last);
    if (h.type != FrameType::hits) return;
    hits_ += h.count;
    if (first_sequence_ == 0) first_sequence_ = h.a;
    last_sequence_ = std::max(last_sequence_, h.b);
}

// Reads frames from the end of the last walk.
void Segment::walk() {
    framed_ = true;
    while (walked_ < size_) {
        auto h = decode_header(read(walked_, FrameHeader::size_on_disk), seed_);
        std::uint64_t end = h ? walked_ + FrameHeader::size_on_disk + h->size : 0;
        // After a power failure the last frame may have its length but not its content.
        bool whole = h && end <= size_ &&
                     (end < size_ || payload_is_sound(*h, read(walked_ + FrameHeader::size_on_disk, h->size), seed_));
        if (whole && h->type == FrameType::index) {
            closed_ = true;
            counted_ = h->from & index_counted;
            last_sequence_ = std::max(last_sequence_, h->b);
            if (size_ - end != trailer_size || !decode_trailer(read(end, trailer_size), seed_))
                note(end, size_ - end, 0);
            walked_ = size_;
            break;
        }
        if (whole) {
            if (h->type != FrameType::head) take(*h, walked_);
            walked_ = end;
            continue;
        }
        auto next = next_frame(walked_ + 1);
        if (!next) break;
        // Sequences have no gaps, so the next frame of records shows how many hits are missing.
        auto after = decode_header(read(*next, FrameHeader::size_on_disk), seed_);
        bool is_known = last_sequence_ > 0 || name_.id.number == 1;
        if (is_known && after && after->type == FrameType::hits && after->a > last_sequence_ + 1)
            note(walked_, *next - walked_, after->a - last_sequence_ - 1, last_sequence_ + 1, after->a - 1);
        else note(walked_, *next - walked_, h && h->type == FrameType::hits ? h->count : 0);
        walked_ = *next;
    }
    torn_ = size_ - walked_;
}

// The offset of the next frame of this segment.
std::optional<std::uint64_t> Segment::next_frame(std::uint64_t from) {
    constexpr ByteView magic("SHLF", 4);
    while (from + FrameHeader::size_on_disk <= size_) {
        auto bytes = read(from, static_cast<std::size_t>(std::min<std::uint64_t>(read_ahead, size_ - from)));
        if (bytes.size() < FrameHeader::size_on_disk) return std::nullopt;
        auto at = bytes.find(magic);
        if (at == ByteView::npos || at + FrameHeader::size_on_disk > bytes.size()) {
            from += at == ByteView::npos ? bytes.size() - 3 : at > 0 ? at : bytes.size() - 3;
            continue;
        }
        auto h = decode_header(bytes.substr(at), seed_);
        if (h && (frames_.empty() || h->number > frames_.back().header.number) &&
            from + at + FrameHeader::size_on_disk + h->size <= size_)
            return from + at;
        from += at + 1;
    }
    return std::nullopt;
}

const std::vector<FrameAt>& Segment::frames() {
    if (framed_ || !open_file()) return frames_;
    framed_ = true;
    auto h = decode_header(read(index_at_, FrameHeader::size_on_disk), seed_);
    try {
        if (h) {
            auto payload = read(index_at_ + FrameHeader::size_on_disk, h->size);
            if (!payload_is_sound(*h, payload, seed_)) raise_corrupt(msg("is damaged"));
            Unpacker unpacker;
            frames_ = decode_index(payload, unpacker);
            from_index_ = true;
            return frames_;
        }
    } catch (const Error&) {}
    note(index_at_, h ? FrameHeader::size_on_disk + h->size : FrameHeader::size_on_disk, 0);
    frames_.clear();
    hits_ = 0;
    first_ = last_ = 0;
    size_ = index_at_;
    walk();
    return frames_;
}

std::optional<ByteView> Segment::payload(const FrameAt& f) {
    if (!open_file()) return std::nullopt;
    auto bytes = read(f.offset, FrameHeader::size_on_disk + f.header.size);
    auto h = decode_header(bytes, seed_);
    if (h && h->number == f.header.number && h->type == f.header.type && h->size == f.header.size &&
        h->count == f.header.count && bytes.size() == FrameHeader::size_on_disk + h->size) {
        bytes.remove_prefix(FrameHeader::size_on_disk);
        if (payload_is_sound(*h, bytes, seed_)) return bytes;
    }
    note_damage(f);
    return std::nullopt;
}

}  // namespace saring::hitlog
