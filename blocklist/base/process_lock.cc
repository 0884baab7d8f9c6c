#include "base/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/ownership.h"

namespace saring {

ProcessLock::ProcessLock(const std::string& path, const std::string& what, const std::string& operator_name, UnixTime now, const std::string& remedy) {
    auto unusable = [&](const char* doing) { return Error(ErrorKind::database, path, std::string(doing) + ": " + std::strerror(errno), remedy); };
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd_ < 0) throw unusable("cannot open");
    adopt_into_folder(path);
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
        bool held = errno == EWOULDBLOCK;
        auto error = unusable("cannot lock");
        char text[512];
        ssize_t n = ::pread(fd_, text, sizeof text, 0);
        ::close(fd_);
        if (!held) throw error;
        std::string holder(text, n > 0 ? static_cast<std::size_t>(n) : 0);
        holder = holder.substr(0, holder.find('\n'));
        throw Error(ErrorKind::refused, what, "another one is running: " + (holder.empty() ? "it has just begun" : holder),
                    "wait for it to end; nothing was done");
    }
    std::string text = "process " + std::to_string(::getpid()) + " of " + operator_name + " since " + format_rfc3339(now) + "\n";
    if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        auto error = unusable("cannot write");
        ::close(fd_);
        throw error;
    }
}

ProcessLock::~ProcessLock() { ::close(fd_); }

}  // namespace saring
