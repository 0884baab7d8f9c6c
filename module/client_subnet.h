// The address a forwarder claims its client has, RFC 7871. Believed only where the
// configuration says so: anyone can claim anything.
#pragma once

#include <cstddef>
#include <cstdint>

#include "net/prefix.h"

namespace saring {

constexpr std::uint16_t edns_option_client_subnet = 8;

// Of an EDNS Client Subnet option's data, null without one. False unless it is well-formed and tells an address.
bool client_subnet(const std::uint8_t* option, std::size_t size, Prefix& out);

}  // namespace saring
