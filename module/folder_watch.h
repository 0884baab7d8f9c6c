// Waiting for files to be renamed into a folder, which may come, go and be replaced meanwhile. One thread waits, any
// may wake it.
#pragma once

#include <chrono>
#include <string>

namespace saring {

class FolderWatch {
public:
    // Where the system gives no descriptors it only waits.
    explicit FolderWatch(std::string folder);
    ~FolderWatch();
    FolderWatch(const FolderWatch&) = delete;
    FolderWatch& operator=(const FolderWatch&) = delete;

    // Until a file is renamed into the folder, wake() is called, or the time is over.
    void wait(std::chrono::milliseconds longest);
    void wake();

private:
    const std::string folder_;
    int changes_, wakes_;  // inotify, eventfd
    int watch_ = -1;
};

}  // namespace saring
