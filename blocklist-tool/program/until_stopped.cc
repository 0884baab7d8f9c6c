#include "program/until_stopped.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "base/standard_output.h"

namespace saring::tool {

UntilStopped::UntilStopped() {
    ::signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
}

UntilStopped::~UntilStopped() {
    if (signals_ >= 0) ::close(signals_);
}

bool UntilStopped::wait(int milliseconds) {
    try {
        standard_output::flush();
    } catch (const standard_output::ReaderGone&) { return false; }
    // poll() reports a closed pipe although no events are requested.
    pollfd fds[] = {{signals_, POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
    if (::poll(fds, 2, milliseconds) <= 0) return true;
    return !(fds[0].revents & POLLIN) && !(fds[1].revents & (POLLERR | POLLHUP | POLLNVAL));
}

}  // namespace saring::tool
