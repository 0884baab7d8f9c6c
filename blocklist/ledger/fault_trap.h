// Keeps a process alive when LMDB follows what it finds in a damaged file: it trusts the
// flags, offsets and counts in its pages. Where they lead it to an address that is not there,
// or into a search without end (call_watch.h), the look-up fails like any other in a damaged file.
//
// That is for calls that read: LMDB holds nothing while it does, so leaving it half-way loses
// nothing but that look-up. A write cannot be left, so a process that can afford it says how to end instead:
// what was committed before stays, and the lock goes with the process. The handlers are installed with the first
// MapGuard and removed with the last; a signal from anywhere else goes where it went before.
#pragma once

#include <setjmp.h>

#include "ledger/call_watch.h"

namespace saring::ledger {

class FaultTrap {
public:
    // The call's result, or `fault` when it met SIGSEGV, or `endless` when it would not end,
    // which is found out for threads under watch only. Cheap: no system call. The call itself
    // must not have anything to destroy.
    template <typename F>
    static int in(F call, int fault, int endless) {
        Armed armed(mine());
        // Without the signal mask, which the handlers leave as it is.
        if (int left = sigsetjmp(armed.here, 0); left != 0) return left == by_fault ? fault : endless;
        armed.thread.armed = &armed.here;
        return call();
    }

    // Around a call that writes: one without end is found out, as one that reads is.
    template <typename F>
    static int around_write(F call) {
        Watched watched(mine());
        return call();
    }
    // By a thread that is to write. From now on the same signals, and abort(), end the process as it said, after
    // the commit as well: what a write ruined shows late.
    static void begin_writing() { mine().writing = true; }
    // `end` does not return, and does what a signal handler may. Before any MapGuard; for good.
    static void end_by_broken_write(void (*end)());

    static void install();    // by MapGuard
    static void uninstall();
    static void watch_this_thread();  // as long as it lives

private:
    static constexpr int by_fault = 1, by_watch = 2;

    struct Thread {
        sigjmp_buf* armed = nullptr;
        CallWatch::Place* place = nullptr;
        bool writing = false;
    };
    class Watched {
    public:
        explicit Watched(Thread& t) : place_(!t.armed && end_ ? t.place : nullptr) {
            if (place_) place_->begin_write();
        }
        ~Watched() {
            if (place_) place_->end_write();
        }
        Watched(const Watched&) = delete;
        Watched& operator=(const Watched&) = delete;

    private:
        CallWatch::Place* place_;
    };
    struct Armed {
        explicit Armed(Thread& t) : thread(t), outer(t.armed) {
            if (!outer && thread.place) thread.place->step();
        }
        ~Armed() {
            thread.armed = outer;
            if (!outer && thread.place) thread.place->step();
        }
        Armed(const Armed&) = delete;
        Armed& operator=(const Armed&) = delete;
        Thread& thread;
        sigjmp_buf* const outer;
        sigjmp_buf here;
    };
    static Thread& mine();
    static void on_fault(int number, siginfo_t* info, void* context);
    static void on_watch(int number, siginfo_t* info, void* context);
    static void on_abort(int number, siginfo_t* info, void* context);
    static void (*end_)();
};

}  // namespace saring::ledger
