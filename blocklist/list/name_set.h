// Lookup keys in bulk, each with its match: one arena and an offset a name, about 10
// bytes above the key itself, so that ten million names fit in a few hundred megabytes.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "policy/action.h"

namespace saring::list {

class NameSet {
public:
    void add(ByteView key, policy::Match match = policy::Match::subtree);
    // A key that is there twice stays once and covers what either covered.
    void sort_unique();
    std::size_t size() const { return at_.size(); }
    ByteView operator[](std::size_t i) const { return key_at(at_[i]); }
    policy::Match match(std::size_t i) const { return static_cast<policy::Match>(head_at(at_[i]) >> match_shift); }
    // In a sorted set: where the first key not below `key` stands, and where `key` itself does.
    std::size_t lower_bound(ByteView key) const;
    std::optional<std::size_t> find(ByteView key) const;
    // Takes out the keys at these places, ascending. What is sorted stays sorted.
    void drop(const std::vector<std::size_t>& places);
    Bytes digest() const;  // BLAKE2b-256 over the keys and matches in order

private:
    static constexpr unsigned match_shift = 14;  // a key is shorter than 512 octets
    unsigned head_at(std::uint64_t at) const {
        return static_cast<unsigned>(static_cast<unsigned char>(arena_[at]) | static_cast<unsigned char>(arena_[at + 1])
                                                                                  << 8);
    }
    void put_head(std::uint64_t at, std::size_t size, policy::Match match);
    ByteView key_at(std::uint64_t at) const {
        return {arena_.data() + at + 2, head_at(at) & ((1u << match_shift) - 1)};
    }
    Bytes arena_;  // each key behind two octets: its length, and its match in the upper two bits
    std::vector<std::uint64_t> at_;
};

}  // namespace saring::list
