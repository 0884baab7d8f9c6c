// What a handler does with a signal that is not its business.
#pragma once

#include <signal.h>

namespace saring::ledger {

// Hands it on to the handler that was there before; without one the next, repeated access ends the process.
inline void hand_on(const struct sigaction& before, int number, siginfo_t* info, void* context) {
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(number);
    else
        ::signal(number, SIG_DFL);
}

}  // namespace saring::ledger
