#include "base/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace saring {
namespace {

struct Descriptor {
    int fd;
    ~Descriptor() {
        if (fd > STDERR_FILENO) ::close(fd);
    }
};

[[noreturn]] void fail(const std::string& path, const Message& doing, int error) {
    throw Error(ErrorKind::usage, path, doing + ": " + std::strerror(error), msg("check the path and its permissions"));
}

[[noreturn]] void fail_existing(const std::string& path) {
    throw Error(ErrorKind::usage, path, msg("exists already"), msg("choose another name, or move it away first"));
}

void write_all(int fd, ByteView content, const std::string& path) {
    while (!content.empty()) {
        ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(path, msg("cannot write"), errno);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
}

Bytes read_all(int fd, const std::string& path, std::size_t limit) {
    Bytes out;
    char buffer[65536];
    for (;;) {
        ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(path, msg("cannot read"), errno);
        if (n == 0) return out;
        out.append(buffer, static_cast<std::size_t>(n));
        if (out.size() > limit)
            throw Error(ErrorKind::usage, path, msg("is larger than %1 bytes", limit),
                        msg("split it, or check that it is the right file"));
    }
}

void replace_file(const std::string& path, ByteView content, mode_t mode, bool flush) {
    std::string temporary = path + ".XXXXXX";
    Descriptor d{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (d.fd < 0) fail(path, msg("cannot create a temporary file in the same folder"), errno);
    try {
        write_all(d.fd, content, path);
        if (::fchmod(d.fd, mode) != 0 || (flush && ::fsync(d.fd) != 0)) fail(path, msg("cannot flush"), errno);
        if (::rename(temporary.c_str(), path.c_str()) != 0) fail(path, msg("cannot rename into place"), errno);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

// Creates the file without a name (O_TMPFILE) and links it when it is complete, so that a killed process leaves neither
// half a file nor a second copy of a secret. False when the file system does not support O_TMPFILE.
bool create_whole(const std::string& path, ByteView content, mode_t mode) {
    auto slash = path.rfind('/');
    std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    Descriptor d{::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, mode)};
    if (d.fd < 0) return false;
    write_all(d.fd, content, path);
    if (::fsync(d.fd) != 0) fail(path, msg("cannot flush"), errno);
    if (::linkat(AT_FDCWD, ("/proc/self/fd/" + std::to_string(d.fd)).c_str(), AT_FDCWD, path.c_str(),
                 AT_SYMLINK_FOLLOW) == 0)
        return true;
    if (errno == EEXIST) fail_existing(path);
    return false;
}

void create_in_place(const std::string& path, ByteView content, mode_t mode) {
    Descriptor d{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (d.fd < 0 && errno == EEXIST) fail_existing(path);
    if (d.fd < 0) fail(path, msg("cannot create"), errno);
    try {
        write_all(d.fd, content, path);
        if (::fsync(d.fd) != 0) fail(path, msg("cannot flush"), errno);
    } catch (...) {
        ::unlink(path.c_str());  // created above, incomplete
        throw;
    }
}

}  // namespace

Bytes read_file(const std::string& path, std::size_t limit) {
    Descriptor d{path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (d.fd < 0) fail(path, msg("cannot open"), errno);
    return read_all(d.fd, path, limit);
}

Bytes read_head(const std::string& path, std::size_t limit) {
    Bytes out(limit, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(out.data(), static_cast<std::streamsize>(limit));
    out.resize(static_cast<std::size_t>(file.gcount()));
    return out;
}

Bytes read_regular_file(const std::string& path, std::size_t limit) {
    // O_NONBLOCK: do not wait for a pipe's writer. It has no effect on a regular file.
    Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (d.fd < 0) fail(path, msg("cannot open"), errno);
    struct stat info {};
    if (::fstat(d.fd, &info) != 0) fail(path, msg("cannot read its status"), errno);
    if (!S_ISREG(info.st_mode))
        throw Error(ErrorKind::usage, path, msg("is not a regular file"), msg("put a file there"));
    return read_all(d.fd, path, limit);
}

Bytes read_secret_file(const std::string& path, std::size_t limit) {
    Descriptor d{path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (d.fd < 0) fail(path, msg("cannot open"), errno);
    // fstat, not stat: the path may name another file a moment later.
    struct stat info {};
    if (::fstat(d.fd, &info) != 0) fail(path, msg("cannot read its status"), errno);
    if (S_ISREG(info.st_mode) && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        char mode[8];
        std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(info.st_mode & 07777));
        throw Error(ErrorKind::usage, path,
                    msg("has mode %1, but contains a secret that only its owner may read", mode), "chmod 600 " + path);
    }
    return read_all(d.fd, path, limit);
}

void write_file(const std::string& path, ByteView content, mode_t mode, bool exclusive) {
    if (!exclusive) replace_file(path, content, mode, true);
    else if (!create_whole(path, content, mode)) create_in_place(path, content, mode);
}

void write_file_unflushed(const std::string& path, ByteView content, mode_t mode) {
    replace_file(path, content, mode, false);
}

void flush_file_system(const std::string& path) {
    Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (d.fd < 0) fail(path, msg("cannot open"), errno);
    if (::syncfs(d.fd) != 0) fail(path, msg("cannot flush"), errno);
}

}  // namespace saring
