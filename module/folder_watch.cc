#include "folder_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

namespace saring {

FolderWatch::FolderWatch(std::string folder)
    : folder_(std::move(folder)),
      changes_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      wakes_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

FolderWatch::~FolderWatch() {
    for (int fd : {changes_, wakes_})
        if (fd >= 0) ::close(fd);
}

void FolderWatch::wake() {
    std::uint64_t one = 1;
    (void)!::write(wakes_, &one, sizeof one);
}

void FolderWatch::wait(std::chrono::milliseconds longest) {
    if (watch_ < 0 && !folder_.empty())
        watch_ = ::inotify_add_watch(changes_, folder_.c_str(), IN_MOVED_TO | IN_MOVE_SELF | IN_ONLYDIR);
    pollfd fds[] = {{changes_, POLLIN, 0}, {wakes_, POLLIN, 0}};  // poll ignores negative descriptors
    if (::poll(fds, 2, static_cast<int>(longest.count())) <= 0) return;
    alignas(inotify_event) char events[4096];
    for (ssize_t size; (size = ::read(changes_, events, sizeof events)) > 0;)
        for (ssize_t at = 0; at < size;) {
            inotify_event event;
            std::memcpy(&event, events + at, sizeof event);
            at += static_cast<ssize_t>(sizeof event + event.len);
            if (!(event.mask & (IN_IGNORED | IN_MOVE_SELF)) || event.wd != watch_) continue;
            // The folder was moved or removed: watch the one at its path from the next call on.
            if (event.mask & IN_MOVE_SELF) ::inotify_rm_watch(changes_, watch_);
            watch_ = -1;
        }
}

}  // namespace saring
