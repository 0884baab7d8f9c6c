// Names in blocks, front-coded: each name is stored as the number of bytes it shares with the one before and
// the bytes that follow. A block is read without any other, and says which ancestors of its first name are
// listed before it: so one search finds a name and all its listed ancestors.
//
//   block     := ancestors first rest*
//   ancestors := varint count, count x (varint labels, varint set)       labels rising
//   first     := varint size, key without its final zero, varint set
//   rest      := varint shared, varint 2 * size + new, size bytes, [varint set if new]
//                without `new` the set is that of the name before
//   index     := u32 count, count x (u32 end of separator, u32 end of block), separators
//
// A separator is the shortest key that is above all names of the block before and not above the block's first.
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
    // `out` takes each block when it is full.
    explicit NameBlockWriter(std::function<void(ByteView)> out) : out_(std::move(out)) {}
    // Keys of name/lookup_key.h, strictly rising. Throws Error(database) otherwise.
    void add(ByteView key, SetId set);
    // The last block, then the index.
    Bytes finish();
    std::uint64_t count() const { return count_; }

private:
    struct Ancestor {
        std::size_t size;  // of its key, without the final zero
        SetId set;
    };
    void begin_block(ByteView name, SetId set, ByteView separator);
    void end_block();

    std::function<void(ByteView)> out_;
    std::vector<Ancestor> ancestors_;  // of the last name, itself the last
    Bytes block_, last_;
    SetId last_set_ = 0;
    std::uint64_t count_ = 0, written_ = 0;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends_;  // of separator, of block
    Bytes separators_;
};

class NameBlocks {
public:
    static constexpr std::size_t max_found = OwnerName::max_labels;

    NameBlocks() = default;
    // Checks the index. Throws Refusal(malformed). Blocks are checked as they are read.
    NameBlocks(ByteView blocks, ByteView index);

    // The listed names at and above `key`, the topmost first; how many. A damaged block ends early. At most
    // max_found; thread-safe.
    std::size_t find(const LookupKey& key, FoundName* out) const noexcept;

    // All names in order, from the first at or above `from`, until `visit(key, set)` returns false. Throws
    // Refusal(malformed) on a damaged block.
    void each(ByteView from, const std::function<bool(ByteView key, SetId set)>& visit) const;

    std::uint32_t block_count() const { return count_; }

private:
    std::uint32_t block_of(ByteView name) const noexcept;
    ByteView separator(std::uint32_t i) const noexcept {
        std::uint32_t begin = i == 0 ? 0 : load32(ends_ + 8 * std::size_t{i - 1}),
                      end = load32(ends_ + 8 * std::size_t{i});
        return {separators_ + begin, end - begin};
    }
    ByteView block(std::uint32_t i) const noexcept {
        std::uint32_t begin = i == 0 ? 0 : load32(ends_ + 8 * std::size_t{i - 1} + 4),
                      end = load32(ends_ + 8 * std::size_t{i} + 4);
        return {blocks_ + begin, end - begin};
    }

    const char *blocks_ = nullptr, *ends_ = nullptr, *separators_ = nullptr;
    std::uint32_t count_ = 0;
};

}  // namespace saring::image
