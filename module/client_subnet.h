// The client address that a forwarder claims, EDNS Client Subnet (RFC 7871). Used only with
// region.believe_client_subnet, since anyone can send the option.
#pragma once

#include <cstddef>
#include <cstdint>

#include "net/prefix.h"

namespace saring {

constexpr std::uint16_t edns_option_client_subnet = 8;

// `option`: data of an EDNS Client Subnet option; null: none. False unless it is well-formed and has an address.
bool client_subnet(const std::uint8_t* option, std::size_t size, Prefix& out);

}  // namespace saring
