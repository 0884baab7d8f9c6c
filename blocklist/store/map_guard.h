// Keeps a process alive when a file that it has mapped is cut short, as `cp` over it
// does: reading beyond the new end raises SIGBUS, which ends the process by default.
// Instead such pages read as zeros, and the guard is broken from then on: what was read
// may be wrong, so whoever reads looks at broken() before, and opens the file anew.
//
// The handler is installed with the first guard and removed with the last; a SIGBUS
// anywhere else goes where it went before. Needs /proc; without it nothing is guarded.
#pragma once

#include <atomic>
#include <string>

namespace saring {

class MapGuard {
public:
    // Guards the mappings of the file that no other guard has.
    explicit MapGuard(const std::string& path);  // with a slash in it
    ~MapGuard();  // before the file is unmapped
    MapGuard(const MapGuard&) = delete;
    MapGuard& operator=(const MapGuard&) = delete;

    // To be called by each thread that reads: where SIGBUS is blocked, as in threads that
    // block every signal, no handler is asked before the process is ended.
    static void cover_this_thread();

    bool broken() const { return broken_.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> broken_{false};
};

}  // namespace saring
