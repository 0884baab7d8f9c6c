// Keeps a process alive when LMDB follows what it finds in a damaged file to an address
// that is not there: it trusts the flags and offsets in its pages. The look-up then fails
// like any other in a damaged file.
//
// Only for calls that read: LMDB holds nothing while it does, so leaving it half-way loses
// nothing but that look-up. The handler is installed with the first MapGuard and removed
// with the last; a SIGSEGV anywhere else goes where it went before.
#pragma once

#include <setjmp.h>

namespace saring {

class FaultTrap {
public:
    // The call's result, or `fault` when it met SIGSEGV. Cheap: no system call. The call
    // itself must not have anything to destroy.
    template <typename F>
    static int in(F call, int fault) {
        Armed armed;
        // Without the signal mask, which the handler leaves as it is.
        if (sigsetjmp(armed.here, 0) != 0) return fault;
        current() = &armed.here;
        return call();
    }

    static void install();    // by MapGuard
    static void uninstall();

private:
    struct Armed {
        Armed() : outer(current()) {}
        ~Armed() { current() = outer; }
        Armed(const Armed&) = delete;
        Armed& operator=(const Armed&) = delete;
        sigjmp_buf* const outer;
        sigjmp_buf here;
    };
    static sigjmp_buf*& current();  // this thread's
};

}  // namespace saring
