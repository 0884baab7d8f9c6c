// The key of a name in the database, in lookup format.
//
// Labels from the root downwards, lower case, each followed by a zero byte:
//   www.hoax.example -> "example\0hoax\0www\0"
// so an ancestor's key is a prefix of the key, a subtree is one range of keys, and label boundaries are unambiguous
// (nothoax.example is not in hoax.example's range). Bytes 0 and 1 within a label are written 1 1 and 1 2, which keeps
// order and boundaries. The longest key is 504 bytes, below LMDB's limit of 511.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "name/owner_name.h"

namespace saring {

class LookupKey {
public:
    static constexpr std::size_t max_size = 508;

    explicit LookupKey(const OwnerName& name) noexcept;

    ByteView view() const { return {bytes_.data(), size_}; }
    std::size_t labels() const { return labels_; }
    // The key of the ancestor with `labels` labels: a prefix of this key.
    ByteView ancestor(std::size_t labels) const { return {bytes_.data(), ends_[labels]}; }
    // Number of whole labels in the first `size` bytes of this key.
    std::size_t labels_within(std::size_t size) const noexcept;

private:
    std::array<char, max_size> bytes_;
    std::array<std::uint16_t, OwnerName::max_labels + 1> ends_;
    std::uint16_t size_ = 0;
    std::uint8_t labels_ = 0;
};

// Decodes a stored key. Throws Error(database) when it is not a lookup key.
OwnerName name_of_key(ByteView key);

}  // namespace saring
