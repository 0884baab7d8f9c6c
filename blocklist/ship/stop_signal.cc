#include "ship/stop_signal.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/error.h"

namespace saring::ship {

using namespace std::chrono;

StopSignal::StopSignal() {
    sigset_t set;
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGTERM);
    ::sigaddset(&set, SIGINT);
    fd_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd_ < 0)
        throw Error(ErrorKind::usage, "signals", msg("cannot be waited for"), msg("raise the limit of open files"));
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &pipe_before_);
}

StopSignal::~StopSignal() {
    take();  // a handled signal must not end the process now
    ::close(fd_);
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignal::take() {
    signalfd_siginfo info;
    while (::read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        if (!requested_) when_ = steady_clock::now();
        requested_ = true;
    }
}

bool StopSignal::requested() {
    take();
    return requested_;
}

bool StopSignal::wait(milliseconds timeout) {
    auto end = steady_clock::now() + timeout;
    while (!requested()) {
        auto left = duration_cast<milliseconds>(end - steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd p{fd_, POLLIN, 0};
        ::poll(&p, 1, static_cast<int>(left.count()) + 1);
    }
    return true;
}

bool StopSignal::wait_writable(int fd) {
    while (!requested()) {
        pollfd p[2] = {{fd_, POLLIN, 0}, {fd, POLLOUT, 0}};
        ::poll(p, 2, -1);
        if (p[1].revents) return true;
    }
    return false;
}

milliseconds StopSignal::since() const {
    return requested_ ? duration_cast<milliseconds>(steady_clock::now() - when_) : milliseconds(0);
}

}  // namespace saring::ship
