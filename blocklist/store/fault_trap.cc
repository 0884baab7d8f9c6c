#include "store/fault_trap.h"

#include <signal.h>

namespace saring {
namespace {

thread_local sigjmp_buf* armed = nullptr;
struct sigaction before;

void on_fault(int number, siginfo_t* info, void* context) {
    if (armed) siglongjmp(*armed, 1);
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(number);
    else
        ::signal(SIGSEGV, SIG_DFL);  // the access is repeated, and ends the process
}

}  // namespace

sigjmp_buf*& FaultTrap::current() { return armed; }

void FaultTrap::install() {
    struct sigaction ours {};
    ours.sa_sigaction = on_fault;
    ours.sa_flags = SA_SIGINFO | SA_NODEFER;
    ::sigaction(SIGSEGV, &ours, &before);
}

void FaultTrap::uninstall() { ::sigaction(SIGSEGV, &before, nullptr); }

}  // namespace saring
