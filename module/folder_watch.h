// Waits for a file to be renamed into a folder. The folder may appear, vanish or be replaced meanwhile. One thread
// waits; any thread may wake it.
#pragma once

#include <chrono>
#include <string>

namespace saring {

class FolderWatch {
public:
    // Without descriptors (EMFILE) wait() only sleeps.
    explicit FolderWatch(std::string folder);
    ~FolderWatch();
    FolderWatch(const FolderWatch&) = delete;
    FolderWatch& operator=(const FolderWatch&) = delete;

    // Returns when a file is renamed into the folder, wake() is called, or `longest` has passed.
    void wait(std::chrono::milliseconds longest);
    void wake();

private:
    const std::string folder_;
    int changes_, wakes_;  // inotify, eventfd
    int watch_ = -1;
};

}  // namespace saring
