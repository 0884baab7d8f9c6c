// Notices a thread that does not come back from one call of LMDB: some damage, such as a page
// header that claims fewer octets than the header itself has, makes it search a page without
// end. Such a thread gets a signal, and leaves the call in the handler (fault_trap.h).
//
// What counts is the processor time that one call takes, so that a slow disk or a busy machine
// is no reason: a look-up takes microseconds. Who calls pays for it with two additions to a
// counter of the thread's own; as long as every call returns no signal is ever sent.
//
// One thread of its own looks at all, with every signal blocked. It starts with the first
// thread to be watched and ends with the last MapGuard.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <time.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace saring::ledger {

class CallWatch {
public:
    static constexpr std::chrono::milliseconds look_every{100};
    static constexpr std::chrono::milliseconds longest_call{100};  // of processor time, from the first look that sees it
    static constexpr int write_patience = 30;  // times as long for a write: it may have many pages to put on the disk
    // For a process in which nobody waits for a thread that is stuck, other than who started it. Any thread.
    static void allow(std::chrono::milliseconds longest);
    // Ignored by default and by Unbound: one that comes too late does no harm.
    static constexpr int signal = SIGURG;

    // What is known of a watched thread. Only the thread itself writes `calls`.
    struct Place {
        std::atomic<pid_t> thread{0};              // 0: nobody's
        std::atomic<clockid_t> clock{};            // of the thread's processor time
        std::atomic<std::uint64_t> calls{0};       // begun and ended, so odd within one
        std::atomic<std::uint64_t> condemned{0};   // the value of `calls` that has lasted too long

        std::atomic<bool> writing{false};          // in a call that may write many pages

        void begin_write() {
            writing.store(true, std::memory_order_relaxed);
            step();
        }
        void end_write() {
            step();
            writing.store(false, std::memory_order_relaxed);
        }
        void step() { calls.store(calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
        bool lasts_too_long() const {
            auto now = calls.load(std::memory_order_relaxed);
            return now % 2 != 0 && condemned.load(std::memory_order_relaxed) == now;
        }
    };

    // This thread's; null when it could not be watched. It stays its own until it ends. After fork() the
    // child's only thread is another, and is to ask anew.
    static Place* watch_this_thread();
    static void stop();  // by MapGuard, with the last of its kind; no call is under way
};

}  // namespace saring::ledger
