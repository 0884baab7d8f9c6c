// The client of a hit, in the form that hits.client selects. A client's address leaves the resolver's memory in no
// other form.
//   prefix  the network: /24 and /48 unless configured otherwise
//   keyed   a pseudonym: BLAKE2b-64 of the address under a random key. The key is replaced and destroyed every
//           hits.key_days, so the hits of one client can be linked within a period and not beyond it
//   none    nothing
//   full    the address
//
// Stored form (Hit::client): empty; or family u8 (4, 6), address of 4 or 16 bytes, length u8; or 0xff and the 8 bytes
// of a pseudonym.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "net/prefix.h"

namespace saring::hitlog {

using PseudonymKey = std::array<std::uint8_t, 32>;

Bytes stored_client(const Prefix& network);  // any prefix
Bytes stored_pseudonym(const Prefix& address, const PseudonymKey& key);

// The network with host bits cleared.
Prefix network_of(const Prefix& address, unsigned ipv4_bits, unsigned ipv6_bits);

// "192.0.2.0/24", "192.0.2.7" (a whole address), "~3f9a0c1d2e4b5f60" (a pseudonym), "" when not kept.
std::string client_text(ByteView stored);
// The network of a stored client; nothing for pseudonyms and clients not kept.
std::optional<Prefix> client_network(ByteView stored);
// The stored form of a client_text() or of any prefix. Throws Error(usage) that quotes the text.
Bytes parse_client(const std::string& text);

}  // namespace saring::hitlog
