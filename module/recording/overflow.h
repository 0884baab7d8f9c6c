// Counts of what found the queue full: kept by the worker, taken by the writing thread.
// The worker never waits for the taker; the taker waits for the end of one count.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "hitlog/counts.h"

namespace saring {

class OverflowCounts {
public:
    static constexpr std::size_t max_rows =
        4096;  // about 100 bytes each; names and orders beyond that are not kept apart

    ~OverflowCounts() { delete current_.load(); }

    // Worker.
    template <typename F>
    void count(F into) {
        // Sequentially consistent on both sides: either the taker sees busy, or this sees
        // what the taker put in place.
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

    // Taker. Null when nothing was counted since.
    std::unique_ptr<hitlog::HitCounts> take() {
        if (!used_.exchange(false, std::memory_order_acquire)) return nullptr;
        auto fresh = std::make_unique<hitlog::HitCounts>(max_rows);
        std::unique_ptr<hitlog::HitCounts> taken(current_.exchange(fresh.release()));
        while (busy_.load()) std::this_thread::yield();
        return taken;
    }
    // Hits that for lack of memory could not even be counted, since ever.
    std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

private:
    std::atomic<hitlog::HitCounts*> current_{new hitlog::HitCounts(max_rows)};
    std::atomic<bool> busy_{false}, used_{false};
    std::atomic<std::uint64_t> lost_{0};
};

}  // namespace saring
