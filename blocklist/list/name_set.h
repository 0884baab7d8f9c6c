// Lookup keys in bulk, each with its match: one arena and an offset for each name, about 10 bytes more than the key, so
// that ten million names take a few hundred MB. Not thread-safe while it is modified.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "policy/action.h"

namespace saring::list {

class NameSet {
public:
    void add(ByteView key, policy::Match match = policy::Match::subtree);
    // Keeps a duplicate key once, with the union of the matches.
    void sort_unique();
    std::size_t size() const { return at_.size(); }
    ByteView operator[](std::size_t i) const { return key_at(at_[i]); }
    policy::Match match(std::size_t i) const { return static_cast<policy::Match>(head_at(at_[i]) >> match_shift); }
    // For a sorted set: the index of the first key not below `key`, and that of `key` itself.
    std::size_t lower_bound(ByteView key) const;
    std::optional<std::size_t> find(ByteView key) const;
    // Removes the keys at these indexes, which must ascend. A sorted set stays sorted.
    void drop(const std::vector<std::size_t>& places);
    Bytes digest() const;  // BLAKE2b-256 over the keys and matches in order

private:
    static constexpr unsigned match_shift = 14;  // a key is shorter than 512 bytes
    unsigned head_at(std::uint64_t at) const {
        return static_cast<unsigned>(static_cast<unsigned char>(arena_[at]) | static_cast<unsigned char>(arena_[at + 1])
                                                                                  << 8);
    }
    void put_head(std::uint64_t at, std::size_t size, policy::Match match);
    ByteView key_at(std::uint64_t at) const {
        return {arena_.data() + at + 2, head_at(at) & ((1u << match_shift) - 1)};
    }
    Bytes arena_;  // before each key two bytes: its length, and its match in the upper two bits
    std::vector<std::uint64_t> at_;
};

}  // namespace saring::list
