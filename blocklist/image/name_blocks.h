// Names in blocks, front-coded: each name is stored as the number of bytes it shares with the one before and
// the bytes that follow. A block is read without any other, and says which ancestors of its first name are
// listed before it: so one search finds a name and all its listed ancestors.
//
//   block     := ancestors first rest*
//   ancestors := varint count, count x (varint labels, varint set)       labels rising
//   first     := varint size, key without its final zero, varint set
//   rest      := varint shared, varint 2 * size + new, size bytes, [varint set if new]
//                without `new` the set is that of the name before
//
// A block's separator is the shortest key that is above all names of the block before and not above the block's
// first; of the first block it is one zero byte, which is above no name. It is the block's key in the table of names.
#pragma once

#include <functional>
#include <vector>

#include "image/format.h"
#include "name/lookup_key.h"

namespace saring::image {

// A listed name found on the way from the root to the name asked for.
struct FoundName {
    std::uint8_t labels;
    SetId set;
};

class NameBlockWriter {
public:
    // `out` takes each block when it is full, with its separator.
    explicit NameBlockWriter(std::function<void(ByteView separator, ByteView block)> out) : out_(std::move(out)) {}
    // Keys of name/lookup_key.h, strictly rising. Throws Error(database) otherwise.
    void add(ByteView key, SetId set);
    void finish();  // the last block
    std::uint64_t count() const { return count_; }

private:
    struct Ancestor {
        std::size_t size;  // of its key, without the final zero
        SetId set;
    };
    void begin_block(ByteView name, SetId set, ByteView separator);
    void end_block();

    std::function<void(ByteView, ByteView)> out_;
    std::vector<Ancestor> ancestors_;  // of the last name, itself the last
    Bytes block_, separator_, last_;
    SetId last_set_ = 0;
    std::uint64_t count_ = 0;
};

constexpr std::size_t max_found = OwnerName::max_labels;

// The listed names at and above `key` that its block has, the topmost first; how many, at most max_found. A damaged
// block ends early.
std::size_t find_in_block(ByteView block, const LookupKey& key, FoundName* out) noexcept;

// All names of a block in order, until `visit(key, set)` returns false; whether it never did. `key` is room for one.
// Throws Refusal(malformed) on a damaged block.
bool each_in_block(ByteView block, Bytes& key, const std::function<bool(ByteView key, SetId set)>& visit);

}  // namespace saring::image
