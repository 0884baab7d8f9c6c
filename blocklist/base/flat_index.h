// Finds the number of an entry that stands elsewhere, by its hash: open addressing, at most half
// full, one or two lines of memory a look-up. For tables that are asked for every hit; never
// more than 2^31 entries, and none is ever taken out. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

namespace saring {

class FlatIndex {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    // Among the entries put in under `hash` the one that `is_it` accepts; `none` if there is none.
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

    // Before the entry `size` (counted from 0) is put in; may throw bad_alloc, with nothing changed.
    // `hash_of` tells the hash of each entry that is in.
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
    // The half of the hash that does not choose the slot in tables of any size that occur.
    static std::uint32_t mark_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
    std::size_t mask() const { return slots_.size() - 1; }

    std::vector<Slot> slots_;  // a power of two of them
};

}  // namespace saring
