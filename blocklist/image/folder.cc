#include "image/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "image/refusal.h"

namespace saring::image {

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Descriptor open_folder(const std::string& path) {
    int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        throw Refusal(errno == ENOENT ? Reason::absent : Reason::unreadable, path,
                      msg("cannot open: %1", std::strerror(errno)), msg("check the path and its permissions"));
    return Descriptor(fd);
}

int write_all(int fd, ByteView bytes) noexcept {
    while (!bytes.empty()) {
        ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return 0;
}

OpenFile open_file(int folder, const std::string& name) {
    int fd = ::openat(folder, name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        throw Refusal(errno == ENOENT ? Reason::absent : Reason::unreadable, name,
                      msg("cannot open: %1", std::strerror(errno)));
    OpenFile file{Descriptor(fd), name, 0};
    struct ::stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        throw Refusal(Reason::unreadable, name, msg("is not a regular file"));
    file.size = static_cast<std::uint64_t>(info.st_size);
    return file;
}

void OpenFile::read(char* to, std::size_t bytes) {
    while (bytes > 0) {
        ssize_t n = ::read(fd.get(), to, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Refusal(Reason::unreadable, name, msg("cannot read: %1", std::strerror(errno)));
        if (n == 0) throw Refusal(Reason::mismatch, name, msg("was truncated while it was read"));
        to += n;
        bytes -= static_cast<std::size_t>(n);
    }
}

}  // namespace saring::image
