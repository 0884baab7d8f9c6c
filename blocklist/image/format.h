// The layout of image files. FORMAT.md describes the same in prose: change both, and raise `format_version`.
//
// A file is an LMDB environment of one file. Its main table has the sections "addresses", "claims", "filter",
// "image" (the footer) and "orders", one value each, and the table "names": a block of names under each separator.
//
// All integers in values are little-endian. "varint": seven bits a byte, least significant first.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace saring::image {

constexpr const char* names_table = "names";
constexpr ByteView addresses_key = "addresses", claims_key = "claims", filter_key = "filter", footer_key = "image",
                   orders_key = "orders";
constexpr std::uint16_t format_version = 2;

// Persisted; do not renumber.
enum class Kind : std::uint8_t { base = 0, delta = 1 };

using LedgerId = std::array<std::uint8_t, 16>;  // ledger/schema.h
using Hash = std::array<std::uint8_t, 32>;      // BLAKE2b-256

// Maximum size of a block of several names, in bytes. 1024 bytes would save a tenth of the space and make a look-up
// take half as long again.
constexpr std::size_t block_bytes = 256;
constexpr std::size_t max_key = 508;                               // bytes of a lookup key, its final zero included
constexpr std::uint64_t max_file_bytes = std::uint64_t{64} << 30;  // about 5,000 million names

// Number of a claim set in the file. A claim set is what orders say about one key; an empty one hides the base's.
using SetId = std::uint32_t;

// The ledger and its serial that a file describes.
struct State {
    LedgerId ledger{};
    std::uint64_t serial = 0;
    Hash journal{};  // the journal's hash at this serial; zeros at serial 0
    bool operator==(const State&) const = default;
};

// The section "image": describes the file.
struct Footer {
    Kind kind = Kind::base;
    State state;
    State base;                              // of the base that a delta alters; of a base: its own state
    Hash base_hash{};                        // of a delta: the base file's BLAKE2b; of a base: zeros
    std::uint64_t keys = 0;                  // names in this file, including those that hide a name of the base
    std::uint64_t changes_since = 0;         // of a delta: it has every key that changed after this serial
    std::uint64_t names = 0, addresses = 0;  // listed in the whole image

    static constexpr std::size_t size = 2 + 1 + 2 * (16 + 8 + 32) + 32 + 4 * 8;
};

Bytes encode(const Footer& f);
// Throws Refusal (refusal.h): malformed or version.
Footer decode_footer(ByteView section);

inline std::uint32_t load32(const char* p) {
    std::uint32_t v;
    std::memcpy(&v, p, sizeof v);
    if constexpr (std::endian::native == std::endian::big) v = __builtin_bswap32(v);
    return v;
}

// Reads bytes that may be damaged: after the end, or after a number that is too large, `good` is false and every read
// returns zero. Never throws.
struct Cursor {
    const char* at;
    const char* end;
    bool good = true;

    std::uint32_t varint() noexcept {
        if (at != end && static_cast<unsigned char>(*at) < 0x80) return static_cast<unsigned char>(*at++);
        std::uint32_t v = 0;
        for (unsigned shift = 0; shift < 32; shift += 7) {
            if (at == end) break;
            auto byte = static_cast<unsigned char>(*at++);
            if (shift == 28 && byte > 15) break;
            v |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return v;
        }
        good = false;
        return 0;
    }
    // Null when fewer than `size` bytes are left.
    const char* take(std::size_t size) noexcept {
        if (size > static_cast<std::size_t>(end - at)) {
            good = false;
            return nullptr;
        }
        const char* p = at;
        at += size;
        return p;
    }
};

}  // namespace saring::image
