// A thread of the module's own inside Unbound: signals belong to Unbound, so all are
// blocked in it, and it may read what is mapped (map_guard.h).
#pragma once

#include <pthread.h>
#include <signal.h>

#include <thread>
#include <utility>

#include "store/map_guard.h"

namespace saring {

template <typename F>
std::thread start_background_thread(F body) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread([body = std::move(body)] {
        MapGuard::cover_this_thread();
        body();
    });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace saring
