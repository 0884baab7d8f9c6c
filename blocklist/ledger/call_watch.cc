#include "ledger/call_watch.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <system_error>

#include "base/periodic.h"

namespace saring::ledger {
namespace {

using std::chrono::nanoseconds;

// Unbound's threads and the module's, with room to spare. In a fixed place: a thread may end at any moment.
std::array<CallWatch::Place, 256> places;

std::atomic<std::chrono::milliseconds> allowed{CallWatch::longest_call};

// Since the thread began; nothing when it has ended.
bool processor_time(const CallWatch::Place& place, nanoseconds& out) {
    struct timespec t {};
    if (::clock_gettime(place.clock.load(), &t) != 0) return false;
    out = std::chrono::seconds(t.tv_sec) + nanoseconds(t.tv_nsec);
    return true;
}

class Watch {
    struct Seen {
        std::uint64_t calls = 0;
        nanoseconds since{0};
    };

    void look() {
        for (std::size_t i = 0; i < places.size(); ++i)
            if (places[i].thread.load(std::memory_order_acquire) > 0) look(places[i], seen_[i]);
    }

    static void look(CallWatch::Place& place, Seen& seen) {
        nanoseconds now{0};
        if (!processor_time(place, now)) {
            seen = {};
            place.thread.store(0);
            return;
        }
        auto calls = place.calls.load(std::memory_order_relaxed);
        if (calls % 2 == 0 || calls != seen.calls) {
            seen = {calls, now};
            return;
        }
        auto longest = allowed.load(std::memory_order_relaxed);
        if (now - seen.since < (place.writing.load(std::memory_order_relaxed) ? longest * CallWatch::write_patience : longest)) return;
        place.condemned.store(calls, std::memory_order_relaxed);
        ::syscall(SYS_tgkill, ::getpid(), place.thread.load(), CallWatch::signal);
    }

    std::array<Seen, places.size()> seen_;
    Periodic looking_{CallWatch::look_every, [this] { look(); }};
};

std::mutex mutex;  // over the watch
std::unique_ptr<Watch> watch;
pid_t watching = 0;  // the process that has it: a thread does not live on in a child of fork()

CallWatch::Place* take_place() {
    clockid_t clock{};
    if (::pthread_getcpuclockid(::pthread_self(), &clock) != 0) return nullptr;
    for (auto& place : places) {
        pid_t nobody = 0;
        // Not to be looked at before its clock is known.
        if (!place.thread.compare_exchange_strong(nobody, -1)) continue;
        place.clock.store(clock);
        place.calls.store(0);
        place.condemned.store(0);
        place.writing.store(false);
        place.thread.store(static_cast<pid_t>(::syscall(SYS_gettid)), std::memory_order_release);
        return &place;
    }
    return nullptr;
}

}  // namespace

void CallWatch::allow(std::chrono::milliseconds longest) { allowed.store(longest); }

CallWatch::Place* CallWatch::watch_this_thread() {
    thread_local Place* mine = nullptr;
    std::lock_guard lock(mutex);
    if (watch && watching != ::getpid()) {
        (void)watch.release();
        mine = nullptr;
    }
    if (!mine) mine = take_place();
    try {
        watching = ::getpid();
        if (!watch) watch = std::make_unique<Watch>();
    } catch (const std::system_error&) {
        // No thread to be had: calls are as long as they are.
    }
    return mine;
}

void CallWatch::stop() {
    std::lock_guard lock(mutex);
    watch.reset();
}

}  // namespace saring::ledger
