// Hash index of entries stored elsewhere: maps a hash to an entry's number. Open addressing, at most half full, one or
// two cache lines a look-up. For tables that are read at every hit. At most 2^31 entries; entries are never removed.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

namespace saring {

class FlatIndex {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    // The entry put in under `hash` that `is_it` accepts; `none` if there is none.
    template <typename F>
    std::uint32_t find(std::uint64_t hash, F is_it) const {
        if (slots_.empty()) return none;
        auto mark = mark_of(hash);
        for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
            const Slot& s = slots_[at];
            if (s.number == none) return none;
            if (s.mark == mark && is_it(s.number)) return s.number;
        }
    }

    // Call before putting in entry number `size`. May throw bad_alloc, with nothing changed. `hash_of` returns the hash
    // of an entry already in the index.
    template <typename F>
    void make_room(std::size_t size, F hash_of) {
        if (2 * (size + 1) <= slots_.size()) return;
        std::vector<Slot> more(slots_.empty() ? 16 : 2 * slots_.size());
        slots_.swap(more);
        for (std::uint32_t n = 0; n < size; ++n) put(hash_of(n), n);
    }
    void clear() { slots_.assign(slots_.size(), Slot()); }
    void put(std::uint64_t hash, std::uint32_t number) noexcept {
        std::size_t at = hash & mask();
        while (slots_[at].number != none) at = (at + 1) & mask();
        slots_[at] = {mark_of(hash), number};
    }

private:
    struct Slot {
        std::uint32_t mark = 0, number = none;
    };
    // The high half of the hash: the low bits choose the slot.
    static std::uint32_t mark_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
    std::size_t mask() const { return slots_.size() - 1; }

    std::vector<Slot> slots_;  // size is a power of two
};

}  // namespace saring
