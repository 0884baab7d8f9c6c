// Numbers distinct values 0, 1, ... in the order of their first appearance. Values are stored in one contiguous
// buffer. Not thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/flat_index.h"

namespace saring {

class Dictionary {
public:
    static constexpr std::uint32_t none = FlatIndex::none;

    std::uint32_t find(ByteView value) const { return is_last(value) ? last_ : find(value, hash_of(value)); }

    // Adds the value if it is new. May throw bad_alloc, with nothing changed.
    std::uint32_t number(ByteView value, bool* is_new = nullptr) {
        if (is_new) *is_new = false;
        if (is_last(value)) return last_;
        auto hash = hash_of(value);
        auto known = find(value, hash);
        if (known != none) return last_ = known;
        if (is_new) *is_new = true;
        index_.make_room(entries_.size(), [this](std::uint32_t n) { return entries_[n].hash; });
        if (entries_.size() == entries_.capacity()) entries_.reserve(2 * entries_.size() + 8);
        octets_.append(value);  // the last step that may throw
        auto number = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back({hash, octets_.size()});
        index_.put(hash, number);
        return last_ = number;
    }

    // Keeps the allocated memory.
    void clear() {
        last_ = none;
        entries_.clear();
        octets_.clear();
        index_.clear();
    }

    std::size_t size() const { return entries_.size(); }
    // Valid until the next new value.
    ByteView operator[](std::uint32_t number) const {
        std::size_t begin = number == 0 ? 0 : entries_[number - 1].end;
        return ByteView(octets_).substr(begin, entries_[number].end - begin);
    }

private:
    struct Entry {
        std::uint64_t hash;
        std::size_t end;  // offset behind its bytes
    };
    static std::uint64_t hash_of(ByteView v) { return std::hash<ByteView>()(v); }
    std::uint32_t find(ByteView value, std::uint64_t hash) const {
        return index_.find(hash, [&](std::uint32_t n) { return (*this)[n] == value; });
    }

    // Most values repeat the one before.
    bool is_last(ByteView value) const { return last_ != none && (*this)[last_] == value; }

    std::uint32_t last_ = none;
    std::vector<Entry> entries_;
    Bytes octets_;
    FlatIndex index_;
};

}  // namespace saring
