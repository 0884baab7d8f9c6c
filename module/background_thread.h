// A thread of the module's own inside Unbound: signals belong to Unbound, so all are
// blocked in it, and it may read what is mapped (map_guard.h).
#pragma once

#include "base/quiet_thread.h"
#include "ledger/map_guard.h"

namespace saring {

template <typename F>
std::thread start_background_thread(F body) {
    return start_quiet_thread([body = std::move(body)] {
        ledger::MapGuard::cover_this_thread();
        body();
    });
}

}  // namespace saring
