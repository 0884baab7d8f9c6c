// What LMDB 0.9 writes, as octets in this machine's order (mdb.c: MDB_page, MDB_node, MDB_db, MDB_meta).
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace saring::ledger::lmdb::layout {

using PageNumber = std::uint64_t;
constexpr PageNumber none = ~PageNumber{0};  // the root of an empty tree
constexpr std::size_t metas = 2, deepest = 32, longest_key = 511, smallest_page = 256, largest_page = 32768;

template <typename T>
T load(const char* at) {
    T v;
    std::memcpy(&v, at, sizeof v);
    return v;
}

namespace page_flag {
constexpr std::uint16_t branch = 0x01, leaf = 0x02, overflow = 0x04, dirty = 0x10, fixed = 0x20, within = 0x40;
}
namespace node_flag {
constexpr std::uint16_t big = 0x01, tree = 0x02, values = 0x04;
}
namespace tree_flag {
constexpr std::uint16_t several_values = 0x04, fixed_values = 0x10;
}

// A page's beginning. Of an overflow page, how many follow stands where lower and upper are.
struct PageHead {
    static constexpr std::size_t size = 16;
    explicit PageHead(const char* at)
        : number(load<std::uint64_t>(at)), pad(load<std::uint16_t>(at + 8)), flags(load<std::uint16_t>(at + 10)),
          lower(load<std::uint16_t>(at + 12)), upper(load<std::uint16_t>(at + 14)), pages(load<std::uint32_t>(at + 12)) {}
    std::size_t nodes() const { return (lower - size) / 2; }

    PageNumber number;
    std::uint16_t pad;  // of fixed-size keys, their size
    std::uint16_t flags, lower, upper;
    std::uint32_t pages;
};

struct TreeHead {
    static constexpr std::size_t size = 48;
    explicit TreeHead(const char* at)
        : pad(load<std::uint32_t>(at)), flags(load<std::uint16_t>(at + 4)), depth(load<std::uint16_t>(at + 6)), entries(load<std::uint64_t>(at + 32)),
          root(load<std::uint64_t>(at + 40)) {}

    std::uint32_t pad;
    std::uint16_t flags, depth;
    std::uint64_t entries;
    PageNumber root;
};

struct Meta {
    static constexpr std::size_t size = 152;  // with the page's head before it
    explicit Meta(const char* at)
        : free(at + PageHead::size + 24), main(at + PageHead::size + 72), last(load<std::uint64_t>(at + PageHead::size + 120)),
          transaction(load<std::uint64_t>(at + PageHead::size + 128)) {}

    TreeHead free, main;
    PageNumber last;
    std::uint64_t transaction;
};

// Its size is known once it is certain to lie in its page.
struct Node {
    static constexpr std::size_t head = 8;
    explicit Node(const char* at)
        : flags(load<std::uint16_t>(at + 4)), key_size(load<std::uint16_t>(at + 6)), value_size(load<std::uint16_t>(at) | std::uint32_t{load<std::uint16_t>(at + 2)} << 16),
          at_(at) {}
    ByteView key() const { return {at_ + head, key_size}; }
    const char* value() const { return at_ + head + key_size; }
    PageNumber child() const { return value_size | PageNumber{flags} << 32; }  // of a branch page's node

    std::uint16_t flags, key_size;
    std::uint32_t value_size;

private:
    const char* at_;
};

}  // namespace saring::ledger::lmdb::layout
