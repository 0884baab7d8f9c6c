// From one worker to the thread that writes hits: a ring of bytes with one producer and one consumer, without a lock.
// An entry that does not fit is refused at once; no side waits.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/bytes.h"

namespace saring {

class HitQueue {
public:
    // `size`: bytes, rounded up to a power of two. Memory is touched only as far as it is used.
    explicit HitQueue(std::size_t size) : size_(std::bit_ceil(size)), ring_(new char[size_]) {}

    // Producer: room for an entry of `n` bytes, to be filled before publish(); null when the queue is full. Entries
    // are contiguous and 8-aligned.
    char* reserve(std::size_t n) {
        std::size_t need = aligned(n), head = head_.load(std::memory_order_relaxed);
        std::size_t at = head & (size_ - 1), to_end = size_ - at;
        std::size_t skipped = to_end < need ? to_end : 0;
        if (size_ - (head - known_tail_) < need + skipped) {
            known_tail_ = tail_.load(std::memory_order_acquire);
            if (size_ - (head - known_tail_) < need + skipped) return nullptr;
        }
        if (skipped) {
            put_size(at, skip_mark);
            at = 0;
        }
        reserved_ = head + skipped;
        return ring_.get() + at + header;
    }
    // Producer: the first `n` bytes of what was reserved are the entry.
    void publish(std::size_t n) {
        put_size(reserved_ & (size_ - 1), static_cast<std::uint32_t>(n));
        head_.store(reserved_ + aligned(n), std::memory_order_release);
    }

    // Consumer: visits the entries, oldest first. Returns their number.
    template <typename F>
    std::size_t drain(F visit) {
        std::size_t head = head_.load(std::memory_order_acquire), tail = tail_.load(std::memory_order_relaxed), n = 0;
        while (tail != head) {
            std::size_t at = tail & (size_ - 1);
            std::uint32_t size = get_size(at);
            if (size == skip_mark) {
                tail += size_ - at;
            } else {
                visit(ByteView(ring_.get() + at + header, size));
                tail += aligned(size);
                ++n;
            }
            tail_.store(tail, std::memory_order_release);
        }
        return n;
    }

private:
    static constexpr std::size_t header = 8, line = 64;
    static constexpr std::uint32_t skip_mark = ~std::uint32_t{0};
    static std::size_t aligned(std::size_t n) { return (n + header + 7) & ~std::size_t{7}; }
    void put_size(std::size_t at, std::uint32_t v) { std::memcpy(ring_.get() + at, &v, sizeof v); }
    std::uint32_t get_size(std::size_t at) const {
        std::uint32_t v;
        std::memcpy(&v, ring_.get() + at, sizeof v);
        return v;
    }

    const std::size_t size_;
    std::unique_ptr<char[]> ring_;
    // Bytes put in and taken out since the start; each on a cache line of its own.
    alignas(line) std::atomic<std::size_t> head_{0};
    std::size_t reserved_ = 0, known_tail_ = 0;  // the producer's
    alignas(line) std::atomic<std::size_t> tail_{0};
};

}  // namespace saring
