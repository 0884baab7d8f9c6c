#include "hitlog/client.h"

#include <sodium.h>

#include <algorithm>

#include "base/hex.h"

namespace saring::hitlog {
namespace {

constexpr char pseudonym_mark = '\xff';
constexpr std::size_t pseudonym_bytes = 8;

std::size_t address_bytes(std::uint8_t family) { return family == 4 ? 4 : 16; }

[[noreturn]] void refuse(const std::string& text) {
    throw Error(ErrorKind::usage, msg("client \"%1\"", text), msg("is no address, prefix or pseudonym"),
                msg("write e.g. 192.0.2.0/24, 2001:db8::/48 or ~3f9a0c1d2e4b5f60"));
}

}  // namespace

Bytes stored_client(const Prefix& network) {
    Bytes out(1, static_cast<char>(network.family));
    out.append(reinterpret_cast<const char*>(network.address.data()), address_bytes(network.family));
    out.push_back(static_cast<char>(network.length));
    return out;
}

Bytes stored_pseudonym(const Prefix& address, const PseudonymKey& key) {
    Bytes plain = stored_client(address);
    std::array<std::uint8_t, 16> digest;  // the shortest BLAKE2b of libsodium; half of it is stored
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size(),
                       key.data(), key.size());
    return Bytes(1, pseudonym_mark) + Bytes(reinterpret_cast<const char*>(digest.data()), pseudonym_bytes);
}

Prefix network_of(const Prefix& address, unsigned ipv4_bits, unsigned ipv6_bits) {
    Prefix out = address;
    unsigned bits = std::min<unsigned>(address.length, address.family == 4 ? ipv4_bits : ipv6_bits);
    for (unsigned byte = 0; byte < out.address.size(); ++byte) {
        if (byte * 8 >= bits) out.address[byte] = 0;
        else if (byte * 8 + 8 > bits) out.address[byte] &= static_cast<std::uint8_t>(0xff << (8 - bits % 8));
    }
    out.length = static_cast<std::uint8_t>(bits);
    return out;
}

std::optional<Prefix> client_network(ByteView stored) {
    if (stored.empty() || stored[0] == pseudonym_mark) return std::nullopt;
    auto family = static_cast<std::uint8_t>(stored[0]);
    if ((family != 4 && family != 6) || stored.size() != address_bytes(family) + 2) return std::nullopt;
    Prefix out = Prefix::of_address(family, reinterpret_cast<const std::uint8_t*>(stored.data() + 1));
    // of_address() turns an IPv4-mapped address into IPv4. Keep the stored family.
    out.family = family;
    out.address = {};
    std::memcpy(out.address.data(), stored.data() + 1, address_bytes(family));
    out.length = static_cast<std::uint8_t>(stored.back());
    return out;
}

std::string client_text(ByteView stored) {
    if (stored.empty()) return {};
    if (stored[0] == pseudonym_mark) return "~" + hex(stored.substr(1));
    auto network = client_network(stored);
    return network ? network->to_string() : "?";
}

Bytes parse_client(const std::string& text) {
    if (!text.empty() && text[0] == '~') {
        Bytes out(1, pseudonym_mark);
        if (text.size() != 1 + 2 * pseudonym_bytes) refuse(text);
        for (std::size_t i = 1; i < text.size(); i += 2) {
            unsigned value = 0;
            for (char c : {text[i], text[i + 1]}) {
                auto at = std::string_view("0123456789abcdef").find(c);
                if (at == std::string_view::npos) refuse(text);
                value = value << 4 | static_cast<unsigned>(at);
            }
            out.push_back(static_cast<char>(value));
        }
        return out;
    }
    try {
        return stored_client(Prefix::parse(text));
    } catch (const Error&) { refuse(text); }
}

}  // namespace saring::hitlog
