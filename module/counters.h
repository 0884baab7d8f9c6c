// What the module counts. Each worker adds to its own; the watcher thread sums them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace saring {

struct Counters {
    using Count = std::atomic<std::uint64_t>;
    Count queries{0};    // from clients, that reached the module or that Unbound gave a kept answer
    Count kept{0};       // those given a kept answer
    Count rehearsed{0};  // that a `log` order would have blocked
    Count probes{0};     // questions of doctor and selftest (base/probe_key.h) that met an order: no hits
    Count passed{0};     // that a passthru order let through
    // Clients refused, each counted: several may have asked the same at once.
    std::array<Count, 7> blocked{};   // by Action
    std::array<Count, 3> triggers{};  // blocked, by Trigger

    static void add(Count& c, std::uint64_t n = 1) {
        c.store(c.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }  // one writer
};

}  // namespace saring
