// Keeps a process alive when a file that it has mapped is cut short, as `cp` over it
// does: reading beyond the new end raises SIGBUS, which ends the process by default.
// Instead such pages read as zeros, and the guard is broken from then on: what was read
// may be wrong, so whoever reads looks at broken() before, and opens the file anew.
//
// The handler is installed with the first guard and removed with the last; a SIGBUS
// anywhere else goes where it went before. Needs /proc; without it nothing is guarded.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace saring::ledger {

class MapGuard {
public:
    // Guards the mappings of the file that no other guard has.
    explicit MapGuard(const std::string& path);  // with a slash in it
    ~MapGuard();  // before the file is unmapped
    MapGuard(const MapGuard&) = delete;
    MapGuard& operator=(const MapGuard&) = delete;

    // To be called by each thread that reads: where these signals are blocked, as in threads that
    // block every one, no handler is asked before the process is ended. From then on it is watched
    // as well (call_watch.h).
    static void cover_this_thread();

    // Whether what begins in a guarded mapping ends in it. True when nothing is guarded.
    static bool covers(const void* begin, std::size_t size);

    bool broken() const { return broken_.load(std::memory_order_relaxed); }
    // Whether the mapping still begins with the eight octets that it began with: not after the
    // file was written over. For files whose beginning never changes.
    bool begins_as_before() const { return !head_ || *head_ == head_before_; }

private:
    std::atomic<bool> broken_{false};
    const volatile std::uint64_t* head_ = nullptr;  // of the first mapping; null without one
    std::uint64_t head_before_ = 0;
};

}  // namespace saring::ledger
