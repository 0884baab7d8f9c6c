#include "store/fault_trap.h"

#include "store/signal_chain.h"

namespace saring {
namespace {

thread_local sigjmp_buf* armed = nullptr;
struct sigaction before;

void on_fault(int number, siginfo_t* info, void* context) {
    if (armed) siglongjmp(*armed, 1);
    hand_on(before, number, info, context);
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
