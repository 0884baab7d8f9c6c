// A thread in which every signal is blocked: signals are for the host program's threads.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <thread>
#include <utility>

namespace saring {

// Throws std::system_error when the thread cannot be created.
template <typename F>
std::thread start_quiet_thread(F body) {
    struct Blocked {
        Blocked() {
            sigset_t all;
            sigfillset(&all);
            ::pthread_sigmask(SIG_SETMASK, &all, &before);
        }
        ~Blocked() { ::pthread_sigmask(SIG_SETMASK, &before, nullptr); }
        sigset_t before;
    } while_it_starts;  // the new thread inherits the mask
    return std::thread(std::move(body));
}

}  // namespace saring
