#include "image/file_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace saring::image {
namespace {

constexpr std::size_t buffer_bytes = 1 << 20;
constexpr mode_t readable_by_all = 0644;  // nothing in an image is secret

Descriptor create(int folder, const std::string& name) {
    ::unlinkat(folder, name.c_str(), 0);  // of a publication that was killed, of this process's number
    int fd = ::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, readable_by_all);
    if (fd < 0) fail_writing(name, msg("cannot create"), errno);
    Descriptor out(fd);
    if (::fchmod(fd, readable_by_all) != 0) fail_writing(name, msg("cannot set its mode"), errno);
    return out;
}

void write_all(int fd, ByteView bytes, const std::string& name) {
    while (!bytes.empty()) {
        ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail_writing(name, msg("cannot write"), errno);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

// Whole and on the disk under its name, or still under the old one.
void rename_flushed(int folder, int fd, const std::string& from, const std::string& to) {
    if (::fsync(fd) != 0) fail_writing(from, msg("cannot flush"), errno);
    if (::renameat(folder, from.c_str(), folder, to.c_str()) != 0)
        fail_writing(to, msg("cannot rename into place"), errno);
    if (::fsync(folder) != 0) fail_writing(to, msg("cannot flush its folder"), errno);
}

std::string unfinished(ByteView what) { return unfinished_prefix + Bytes(what) + "-" + std::to_string(::getpid()); }

}  // namespace

void fail_writing(const std::string& name, const Message& doing, int error) {
    throw Error(ErrorKind::database, msg("image file %1", name), doing + ": " + std::strerror(error),
                msg("free disk space or mend the folder's permissions; the image in force stays"));
}

FileWriter::FileWriter(int folder, Kind kind)
    : folder_(folder),
      kind_(kind),
      name_(unfinished(kind == Kind::base ? "base" : "delta")),
      fd_(create(folder, name_)),
      names_([this](ByteView block) { write(block); }) {}

FileWriter::~FileWriter() {
    if (!finished_) ::unlinkat(folder_, name_.c_str(), 0);
}

void FileWriter::write(ByteView bytes) {
    buffer_ += bytes;
    written_ += bytes.size();
    if (buffer_.size() >= buffer_bytes) flush();
}

void FileWriter::flush() {
    hasher_.add(buffer_);
    write_all(fd_.get(), buffer_, name_);
    buffer_.clear();
}

FileRef FileWriter::finish(Footer f) {
    f.kind = kind_;
    f.keys = names_.count();
    Bytes index = names_.finish();
    f.index_at = written_;
    write(index);
    f.sets_at = written_;
    write(sets_.take());
    f.addresses_at = written_;
    write(addresses_.finish());
    f.orders_at = written_;
    write(orders_.finish());
    f.footer_at = written_;
    write(encode(f));
    flush();
    FileRef ref{hasher_.finish(), written_};
    rename_flushed(folder_, fd_.get(), name_, file_name(kind_, ref));
    finished_ = true;
    return ref;
}

void write_current(int folder, const Current& current) {
    std::string name = unfinished("current");
    Descriptor fd = create(folder, name);
    write_all(fd.get(), encode(current), name);
    rename_flushed(folder, fd.get(), name, current_name);
}

}  // namespace saring::image
