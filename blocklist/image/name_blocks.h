// Blocks of front-coded names: a name is the number of bytes that it shares with the preceding name, and the bytes that
// follow. A block is decoded without any other and lists the ancestors of its first name that are in earlier blocks, so
// one search finds a name and all its listed ancestors.
//
//   block     := ancestors first rest*
//   ancestors := varint count, count x (varint labels, varint set)       labels rising
//   first     := varint size, key without its final zero, varint set
//   rest      := varint shared, varint 2 * size + new, size bytes, [varint set if new]
//                without `new` the set is that of the preceding name
//
// A block's separator is the shortest key above all names of the preceding block and not above the block's first name;
// of the first block it is one zero byte, which is below every name. It is the block's key in the table of names.
#pragma once

#include <functional>
#include <vector>

#include "image/format.h"
#include "name/lookup_key.h"

namespace saring::image {

// A listed name: the name looked up, or an ancestor.
struct FoundName {
    std::uint8_t labels;
    SetId set;
};

class NameBlockWriter {
public:
    // `out` receives each block when it is full, with its separator.
    explicit NameBlockWriter(std::function<void(ByteView separator, ByteView block)> out) : out_(std::move(out)) {}
    // Keys as in name/lookup_key.h, strictly ascending. Throws Error(database) otherwise.
    void add(ByteView key, SetId set);
    void finish();  // emits the last block
    std::uint64_t count() const { return count_; }

private:
    struct Ancestor {
        std::size_t size;  // of its key in bytes, without the final zero
        SetId set;
    };
    void begin_block(ByteView name, SetId set, ByteView separator);
    void end_block();

    std::function<void(ByteView, ByteView)> out_;
    std::vector<Ancestor> ancestors_;  // of the last name, including the name itself as the last element
    Bytes block_, separator_, last_;
    SetId last_set_ = 0;
    std::uint64_t count_ = 0;
};

constexpr std::size_t max_found = OwnerName::max_labels;

// Writes the listed names at and above `key` in its block to `out`, topmost first; returns their number, at most
// max_found. A damaged block ends early.
std::size_t find_in_block(ByteView block, const LookupKey& key, FoundName* out) noexcept;

// Visits all names of a block in order, until `visit(key, set)` returns false; then returns false. `key` is a buffer.
// Throws Refusal(malformed) on a damaged block.
bool each_in_block(ByteView block, Bytes& key, const std::function<bool(ByteView key, SetId set)>& visit);

}  // namespace saring::image
