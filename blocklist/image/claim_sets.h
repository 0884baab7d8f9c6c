// The distinct claim sets of names and addresses. Most names have the same set as their neighbours, so a name refers to
// a set by number.
#pragma once

#include <unordered_map>

#include "image/format.h"
#include "policy/entries.h"

namespace saring::image {

// The claims of orders on one key. Valid as long as the file.
class Claims {
public:
    Claims() = default;  // empty: the key is not listed, or a delta hides it
    Claims(ByteView value, std::uint64_t changed) : value_(value), changed_(changed) {}
    bool empty() const { return value_.empty(); }
    std::size_t size() const { return value_.size() / policy::Entries::entry_size; }
    policy::Entry operator[](std::size_t i) const noexcept {
        const char* p = value_.data() + i * policy::Entries::entry_size;
        return {load32(p), static_cast<policy::Match>(p[4])};
    }
    ByteView value() const { return value_; }  // in the ledger's encoding
    // In a delta the serial that last changed the key; in a base 0.
    std::uint64_t changed() const { return changed_; }

private:
    ByteView value_;
    std::uint64_t changed_ = 0;
};

class ClaimSetWriter {
public:
    // `value`: the ledger's entries of one key. Equal value and serial return the same set.
    SetId add(ByteView value, std::uint64_t changed);
    Bytes take() const;

private:
    std::unordered_map<Bytes, SetId> known_;
    Bytes last_, key_;
    SetId last_id_ = 0;
    Bytes data_;
    std::vector<std::uint32_t> ends_;
};

class ClaimSets {
public:
    ClaimSets() = default;
    // Checks the whole section. Throws Refusal(malformed).
    explicit ClaimSets(ByteView section);
    // Empty for an unknown id.
    Claims operator[](SetId id) const noexcept {
        if (id >= count_) return {};
        std::uint32_t begin = id == 0 ? 0 : load32(ends_ + 4 * (id - 1)), end = load32(ends_ + 4 * id);
        std::uint64_t changed = load32(data_ + begin) | static_cast<std::uint64_t>(load32(data_ + begin + 4)) << 32;
        return {{data_ + begin + 8, end - begin - 8}, changed};
    }
    SetId size() const { return count_; }

private:
    const char *ends_ = nullptr, *data_ = nullptr;
    SetId count_ = 0;
};

}  // namespace saring::image
