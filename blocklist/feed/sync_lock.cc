#include "feed/sync_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/ownership.h"

namespace saring {

SyncLock::SyncLock(const std::string& database, const std::string& operator_name, UnixTime now) {
    std::string folder = database;
    while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
    std::string path = folder + ".sync-lock";
    auto unusable = [&](const char* doing) {
        return Error(ErrorKind::database, path, std::string(doing) + ": " + std::strerror(errno),
                     "run sync as the user who may write the database's parent folder");
    };
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
        throw Error(ErrorKind::refused, "sync", "another one is running: " + (holder.empty() ? "it has just begun" : holder),
                    "wait for it to end; nothing was done");
    }
    std::string text = "process " + std::to_string(::getpid()) + " of " + operator_name + " since " + format_rfc3339(now) + "\n";
    if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        auto error = unusable("cannot write");
        ::close(fd_);
        throw error;
    }
}

SyncLock::~SyncLock() { ::close(fd_); }

}  // namespace saring
