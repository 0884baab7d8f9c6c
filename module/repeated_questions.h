// Remembers roughly which blocked questions were asked in the last one to two minutes. Only repeated questions are
// kept in Unbound's cache: answers to unique ones would displace everything else. Bounded; not thread-safe, one for
// each worker.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.h"
#include "base/time.h"

namespace saring {

class RepeatedQuestions {
public:
    // Whether the question was asked before; remembers it. A hash collision may return true for a new question.
    bool seen(ByteView qname, std::uint16_t qtype, UnixTime now) {
        auto hash = std::hash<ByteView>()(qname) ^ qtype * std::uint64_t{0x9e3779b97f4a7c15};
        std::uint32_t* set = &marks_[hash % sets * ways];
        auto period = static_cast<std::uint32_t>(now / period_seconds);
        auto mark = [&](std::uint32_t p) { return static_cast<std::uint32_t>(hash >> 32) ^ p * 0x9e3779b9u; };
        for (std::size_t i = 0; i < ways; ++i)
            if (set[i] == mark(period) || set[i] == mark(period - 1)) return true;
        for (std::size_t i = ways - 1; i > 0; --i) set[i] = set[i - 1];
        set[0] = mark(period);
        return false;
    }

private:
    static constexpr UnixTime period_seconds = 64;
    static constexpr std::size_t sets = 1 << 15, ways = 4;  // 512 KiB
    std::unique_ptr<std::uint32_t[]> marks_{new std::uint32_t[sets * ways]()};
};

}  // namespace saring
