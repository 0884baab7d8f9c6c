// Makes SIGTERM and SIGINT waitable, so that a service ends between two steps and not within one. While the object
// exists, these signals of the creating thread go to it, and SIGPIPE is ignored. Create it before the process has other
// threads.
#pragma once

#include <signal.h>

#include <chrono>

namespace saring::ship {

class StopSignal {
public:
    StopSignal();
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    bool requested();
    // Waits at most that long; returns requested().
    bool wait(std::chrono::milliseconds timeout);
    // Waits until `fd` is writable or its reader has closed it (true), or stop is requested (false).
    bool wait_writable(int fd);
    // Time since the request; 0 before it.
    std::chrono::milliseconds since() const;

private:
    void take();
    int fd_;
    bool requested_ = false;
    std::chrono::steady_clock::time_point when_;
    sigset_t before_;
    struct sigaction pipe_before_;
};

}  // namespace saring::ship
