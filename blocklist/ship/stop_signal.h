// SIGTERM and SIGINT as something to wait for, so that a service ends between two steps
// and not within one. While one exists the signals of this thread go to it, and SIGPIPE
// is ignored; make it before the process has other threads.
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
    // Until then or until it is requested, which is the answer.
    bool wait(std::chrono::milliseconds most);
    // Until `fd` has room or its reader is gone (true), or it is requested (false).
    bool wait_writable(int fd);
    // How long ago it was requested; 0 before.
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
