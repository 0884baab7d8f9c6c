#include "net/prefix.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace saring {
namespace {

// Optimised: a list has a hundred thousand addresses, each of which is compared with a hundred prefixes.
bool begin_alike(const std::uint8_t* a, const std::uint8_t* b, std::size_t bits) {
    if (std::memcmp(a, b, bits / 8) != 0) return false;
    return bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8)) == 0;
}

[[noreturn]] void corrupt_key(const Message& why) {
    throw Error(ErrorKind::database, msg("database"), msg("corrupt: %1", why),
                msg("restore a backup or sync again into a new database"));
}

}  // namespace

Prefix Prefix::of_address(std::uint8_t family, const std::uint8_t* octets) noexcept {
    static constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    Prefix p;
    if (family == 6 && std::memcmp(octets, mapped, sizeof mapped) == 0) {
        octets += sizeof mapped;
        family = 4;
    }
    p.family = family;
    p.length = family == 4 ? 32 : 128;
    std::copy_n(octets, p.length / 8, p.address.begin());
    return p;
}

Prefix Prefix::parse(std::string_view text) {
    auto fail = [&](const Message& why) -> Error {
        return {ErrorKind::usage, msg("address"), "\"" + std::string(text.substr(0, 80)) + "\" " + why,
                msg("write an address or prefix such as 203.0.113.0/28 or 2001:db8::/32")};
    };
    auto slash = text.find('/');
    std::string host(text.substr(0, slash));
    std::uint8_t octets[16];
    std::uint8_t family = host.find(':') == std::string::npos ? 4 : 6;
    if (host.find('\0') != std::string::npos || inet_pton(family == 4 ? AF_INET : AF_INET6, host.c_str(), octets) != 1)
        throw fail(msg("is not an IP address"));
    Prefix p = of_address(family, octets);
    unsigned max_length = family == 4 ? 32 : 128, length = max_length;
    if (slash != std::string_view::npos) {
        auto digits = text.substr(slash + 1);
        auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (ec != std::errc() || end != digits.data() + digits.size() || length > max_length)
            throw fail(msg("has a prefix length that is not 0 to %1", max_length));
    }
    if (p.family != family) {  // IPv4-mapped: the length counts from bit 96
        if (length < 96) throw fail(msg("mixes IPv4-mapped and other IPv6 addresses"));
        length -= 96;
    }
    p.length = static_cast<std::uint8_t>(length);
    for (std::size_t bit = length; bit < (p.family == 4 ? 32u : 128u); ++bit)
        if (p.address[bit / 8] & (0x80 >> bit % 8)) throw fail(msg("has bits set behind the prefix length"));
    return p;
}

std::string Prefix::to_string() const {
    char text[INET6_ADDRSTRLEN];
    inet_ntop(family == 4 ? AF_INET : AF_INET6, address.data(), text, sizeof text);
    std::string out = text;
    if (length != (family == 4 ? 32 : 128)) out += "/" + std::to_string(length);
    return out;
}

bool Prefix::contains(const Prefix& other) const noexcept {
    return family == other.family && length <= other.length &&
           begin_alike(address.data(), other.address.data(), length);
}

Bytes prefix_key(const Prefix& p) {
    Bytes key(1, static_cast<char>(p.family));
    key.append(reinterpret_cast<const char*>(p.address.data()), p.family == 4 ? 4 : 16);
    key.push_back(static_cast<char>(p.length));
    return key;
}

Prefix prefix_of_key(ByteView key) {
    bool four = key.size() == 6 && key[0] == 4, six = key.size() == 18 && key[0] == 6;
    if (!four && !six) corrupt_key(msg("an address key has the wrong length"));
    Prefix p;
    p.family = static_cast<std::uint8_t>(key[0]);
    std::memcpy(p.address.data(), key.data() + 1, key.size() - 2);
    p.length = static_cast<std::uint8_t>(key.back());
    if (p.length > (four ? 32 : 128)) corrupt_key(msg("an address key has too long a prefix"));
    return p;
}

}  // namespace saring
