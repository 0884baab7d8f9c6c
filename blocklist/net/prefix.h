// An IPv4 or IPv6 prefix, as in an address trigger. IPv4-mapped IPv6 addresses (RFC 4291 section 2.5.5.2) are converted
// to IPv4.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace saring {

struct Prefix {
    std::uint8_t family = 4;                 // 4 or 6
    std::uint8_t length = 32;                // bits, 0 to 32 or 128
    std::array<std::uint8_t, 16> address{};  // network order, host bits zero

    // "203.0.113.0/28", "2001:db8::/32"; an address without a length means its full length. Throws Error(usage), also
    // when host bits are set.
    static Prefix parse(std::string_view text);
    static Prefix of_address(std::uint8_t family, const std::uint8_t* octets) noexcept;

    std::string to_string() const;
    bool contains(const Prefix& other) const noexcept;
    bool operator==(const Prefix&) const = default;
    // By family, address, length: the order of keys in the database; a prefix precedes the prefixes it contains.
    std::strong_ordering operator<=>(const Prefix& o) const noexcept {
        if (auto c = family <=> o.family; c != 0) return c;
        if (auto c = address <=> o.address; c != 0) return c;
        return length <=> o.length;
    }
};

// Unique and sortable: family, address, length. Prefixes of one family sort by address.
Bytes prefix_key(const Prefix& p);
// Throws Error(database) for a key that prefix_key() does not produce.
Prefix prefix_of_key(ByteView key);

}  // namespace saring
