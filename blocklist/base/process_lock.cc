#include "base/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/acting_owner.h"
#include "base/error.h"

namespace saring {

namespace {

constexpr std::chrono::milliseconds look_every{20};
constexpr std::chrono::seconds waits_silently{1};

}  // namespace

Message ProcessLock::holder() const {
    char text[512];
    ssize_t n = ::pread(fd_, text, sizeof text, 0);
    std::string line(text, n > 0 ? static_cast<std::size_t>(n) : 0);
    line = line.substr(0, line.find('\n'));
    return line.empty() ? msg("a process that has just started") : Message(line);
}

// False: another process still has the lock (errno EWOULDBLOCK), or flock failed (errno).
bool ProcessLock::wait(const LockWait& patience) const {
    auto begin = std::chrono::steady_clock::now();
    for (bool notified = false; ::flock(fd_, LOCK_EX | LOCK_NB) != 0;) {
        if (errno == EINTR) continue;
        auto waited = std::chrono::steady_clock::now() - begin;
        if (errno != EWOULDBLOCK || waited >= patience.max_wait) return false;
        if (!notified && waited >= waits_silently && patience.on_wait) {
            patience.on_wait(holder());
            notified = true;
        }
        std::this_thread::sleep_for(look_every);
    }
    return true;
}

ProcessLock::ProcessLock(const std::string& path, const Message& what, const std::string& holder, UnixTime now,
                         const Message& remedy, const LockWait& patience) {
    auto unusable = [&](const Message& doing) {
        return Error(ErrorKind::database, path, doing + ": " + std::strerror(errno), remedy);
    };
    ActingOwner as(std::filesystem::path(path).parent_path().string());
    // Mode 0600: whoever can open the file, even to read, can lock it.
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd_ < 0) throw unusable(msg("cannot open"));
    if (!wait(patience)) {
        bool held = errno == EWOULDBLOCK;
        auto error = unusable(msg("cannot lock"));
        Message other = this->holder();
        ::close(fd_);
        if (!held) throw error;
        if (patience.max_wait.count() == 0)
            throw Error(ErrorKind::refused, what, msg("another one is running: %1", other),
                        msg("wait for it to end; nothing was done"));
        throw Error(ErrorKind::database, what,
                    msg("%1 is still writing to it after %2 seconds", other, patience.max_wait.count()),
                    patience.remedy);
    }
    std::string text = "process " + std::to_string(::getpid()) + " " + holder + " since " + format_rfc3339(now) + "\n";
    if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        auto error = unusable(msg("cannot write"));
        ::close(fd_);
        throw error;
    }
}

ProcessLock::~ProcessLock() { ::close(fd_); }

}  // namespace saring
