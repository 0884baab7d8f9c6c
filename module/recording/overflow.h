// Counts of the hits for which the queue was full. The worker counts, the writing thread takes the counts. The worker
// never waits; the writing thread waits for at most one count().
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "hitlog/counts.h"

namespace saring {

class OverflowCounts {
public:
    // About 100 bytes each. Hits of further names and orders are counted in one row.
    static constexpr std::size_t max_rows = 4096;

    ~OverflowCounts() { delete current_.load(); }

    // Worker.
    template <typename F>
    void count(F into) {
        // Sequentially consistent on both sides: either take() sees busy_, or this sees the counts that take() put in.
        busy_.store(true);
        hitlog::HitCounts* counts = current_.load();
        try {
            into(*counts);
        } catch (...) {  // no memory
            lost_.fetch_add(1, std::memory_order_relaxed);
        }
        busy_.store(false, std::memory_order_release);
        used_.store(true, std::memory_order_release);
    }

    // Writing thread. Null if nothing was counted since the last call.
    std::unique_ptr<hitlog::HitCounts> take() {
        if (!used_.exchange(false, std::memory_order_acquire)) return nullptr;
        auto fresh = std::make_unique<hitlog::HitCounts>(max_rows);
        std::unique_ptr<hitlog::HitCounts> taken(current_.exchange(fresh.release()));
        while (busy_.load()) std::this_thread::yield();
        return taken;
    }
    // Hits that could not even be counted, for lack of memory, since the start.
    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

private:
    std::atomic<hitlog::HitCounts*> current_{new hitlog::HitCounts(max_rows)};
    std::atomic<bool> busy_{false}, used_{false};
    std::atomic<std::uint64_t> lost_{0};
};

}  // namespace saring
