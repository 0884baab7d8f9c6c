// The module's counters. Each worker adds to its own; the watcher's thread sums them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace saring {

struct Counters {
    using Count = std::atomic<std::uint64_t>;
    Count queries{0};    // client queries that reached the module or got a kept answer
    Count kept{0};       // client queries that got a kept answer
    Count rehearsed{0};  // queries that an order with action log would have blocked
    Count probes{0};     // blocked queries of doctor and selftest (base/probe_key.h), which are not hits
    Count passed{0};     // queries that a passthru order let through
    // Blocked clients; one query may have several.
    std::array<Count, 7> blocked{};   // by Action
    std::array<Count, 3> triggers{};  // by Trigger

    // One writer a counter: no atomic addition is needed.
    static void add(Count& c, std::uint64_t n = 1) {
        c.store(c.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
};

}  // namespace saring
