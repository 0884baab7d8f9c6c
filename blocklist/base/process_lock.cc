#include "base/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/acting_owner.h"
#include "base/error.h"

namespace saring {

ProcessLock::ProcessLock(const std::string& path, const Message& what, const std::string& operator_name, UnixTime now, const Message& remedy) {
    auto unusable = [&](const Message& doing) { return Error(ErrorKind::database, path, doing + ": " + std::strerror(errno), remedy); };
    ActingOwner as(std::filesystem::path(path).parent_path().string());
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd_ < 0) throw unusable(msg("cannot open"));
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
        bool held = errno == EWOULDBLOCK;
        auto error = unusable(msg("cannot lock"));
        char text[512];
        ssize_t n = ::pread(fd_, text, sizeof text, 0);
        ::close(fd_);
        if (!held) throw error;
        std::string holder(text, n > 0 ? static_cast<std::size_t>(n) : 0);
        holder = holder.substr(0, holder.find('\n'));
        throw Error(ErrorKind::refused, what, msg("another one is running: %1", holder.empty() ? msg("it has just begun") : holder),
                    msg("wait for it to end; nothing was done"));
    }
    std::string text = "process " + std::to_string(::getpid()) + " of " + operator_name + " since " + format_rfc3339(now) + "\n";
    if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        auto error = unusable(msg("cannot write"));
        ::close(fd_);
        throw error;
    }
}

ProcessLock::~ProcessLock() { ::close(fd_); }

}  // namespace saring
