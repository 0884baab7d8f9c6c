#include "base/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace saring::standard_output {
namespace {

constexpr std::size_t kept_in_memory = std::size_t{1} << 20, piece = std::size_t{1} << 16;

Bytes buffer;
int spool = -1;  // temporary file with the output before `buffer`
off_t spooled = 0;

[[noreturn]] void fail(const Message& doing, int error) {
    if (error == EPIPE) throw ReaderGone();
    throw Error(ErrorKind::usage, msg("standard output"), doing + ": " + std::strerror(error),
                msg("the output is incomplete; a change that the command makes is made"));
}

void write_all(int fd, ByteView content, const Message& doing) {
    while (!content.empty()) {
        ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(doing, errno);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
}

void to_spool() {
    if (spool < 0) {
        const char* wanted = std::getenv("TMPDIR");
        std::string folder = wanted && *wanted ? wanted : "/tmp";
        spool = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (spool < 0) {
            std::string path = folder + "/blocklist-tool.XXXXXX";
            spool = ::mkostemp(path.data(), O_CLOEXEC);
            if (spool < 0) fail(msg("cannot be buffered in %1", folder), errno);
            ::unlink(path.c_str());
        }
    }
    write_all(spool, buffer, msg("cannot be buffered in a temporary file"));
    spooled += static_cast<off_t>(buffer.size());
    buffer.clear();
}

void drain() {
    const Message doing = msg("cannot be written");
    if (spool >= 0) {
        Bytes part(piece, '\0');
        for (off_t at = 0; at < spooled;) {
            ssize_t n = ::pread(spool, part.data(), part.size(), at);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) fail(msg("cannot be read back from a temporary file"), n < 0 ? errno : EIO);
            write_all(STDOUT_FILENO, ByteView(part).substr(0, static_cast<std::size_t>(n)), doing);
            at += n;
        }
        ::close(spool);
        spool = -1;
        spooled = 0;
    }
    write_all(STDOUT_FILENO, buffer, doing);
    buffer.clear();
}

}  // namespace

std::atomic<int>& DeferredOutput::holds() {
    static std::atomic<int> count{0};
    return count;
}

bool held() { return DeferredOutput::holds().load() > 0; }

void write(ByteView content) {
    buffer.append(content);
    if (held()) {
        if (buffer.size() >= kept_in_memory) to_spool();
    } else if (spool >= 0 || buffer.size() >= piece) {
        drain();
    }
}

void flush() {
    if (!held()) drain();
}

void discard() noexcept {
    buffer.clear();
    if (spool >= 0) ::close(spool);
    spool = -1;
    spooled = 0;
}

void reserve_descriptors() {
    for (int fd = 0; fd <= STDERR_FILENO; ++fd)
        // Open /dev/null for reading as standard output: writes fail, as they did when it was closed.
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace saring::standard_output
