#include "ledger/fault_trap.h"

#include "ledger/signal_chain.h"

namespace saring::ledger {
namespace {

struct sigaction before_fault, before_watch, before_abort;

void handle(int number, void (*handler)(int, siginfo_t*, void*), int flags, struct sigaction& before) {
    struct sigaction ours {};
    ours.sa_sigaction = handler;
    ours.sa_flags = SA_SIGINFO | SA_NODEFER | flags;
    ::sigaction(number, &ours, &before);
}

}  // namespace

FaultTrap::Thread& FaultTrap::mine() {
    thread_local Thread thread;
    return thread;
}

void FaultTrap::on_fault(int number, siginfo_t* info, void* context) {
    if (auto* here = mine().armed) siglongjmp(*here, by_fault);
    if (mine().writing && end_) end_();
    hand_on(before_fault, number, info, context);
}

// One that was sent to a call which has returned since is nobody's any more.
void FaultTrap::on_watch(int number, siginfo_t* info, void* context) {
    if (Thread& thread = mine(); thread.armed && thread.place && thread.place->lasts_too_long()) siglongjmp(*thread.armed, by_watch);
    if (Thread& thread = mine(); thread.writing && end_ && thread.place && thread.place->lasts_too_long()) end_();
    // Ignoring it, as it is by default, is all that is left.
    if (before_watch.sa_flags & SA_SIGINFO || (before_watch.sa_handler != SIG_DFL && before_watch.sa_handler != SIG_IGN)) hand_on(before_watch, number, info, context);
}

// What a damaged page made of the memory, and the C library noticed.
void FaultTrap::on_abort(int number, siginfo_t* info, void* context) {
    if (mine().writing && end_) end_();
    hand_on(before_abort, number, info, context);
}

void (*FaultTrap::end_)() = nullptr;

void FaultTrap::end_by_broken_write(void (*end)()) { end_ = end; }

void FaultTrap::install() {
    if (end_) handle(SIGABRT, on_abort, 0, before_abort);
    handle(SIGSEGV, on_fault, 0, before_fault);
    handle(CallWatch::signal, on_watch, SA_RESTART, before_watch);
}

void FaultTrap::uninstall() {
    CallWatch::stop();
    ::sigaction(CallWatch::signal, &before_watch, nullptr);
    ::sigaction(SIGSEGV, &before_fault, nullptr);
    if (end_) ::sigaction(SIGABRT, &before_abort, nullptr);
}

void FaultTrap::watch_this_thread() { mine().place = CallWatch::watch_this_thread(); }

}  // namespace saring::ledger
