// Lookup keys in bulk: one arena and an offset a name, about 10 bytes above the key
// itself, so that ten million names fit in a few hundred megabytes.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"

namespace saring {

class NameSet {
public:
    void add(ByteView key);
    void sort_unique();
    std::size_t size() const { return at_.size(); }
    ByteView operator[](std::size_t i) const { return key_at(at_[i]); }
    // In a sorted set: where the first key not below `key` stands, and where `key` itself does.
    std::size_t lower_bound(ByteView key) const;
    std::optional<std::size_t> find(ByteView key) const;
    // Takes out the keys at these places, ascending. What is sorted stays sorted.
    void drop(const std::vector<std::size_t>& places);
    Bytes digest() const;  // BLAKE2b-256 over the keys in order

private:
    ByteView key_at(std::uint64_t at) const {
        const char* p = arena_.data() + at;
        auto low = static_cast<unsigned char>(p[0]), high = static_cast<unsigned char>(p[1]);
        return {p + 2, static_cast<std::size_t>(low | high << 8)};
    }
    Bytes arena_;  // each key behind its length in two octets
    std::vector<std::uint64_t> at_;
};

}  // namespace saring
