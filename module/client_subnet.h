// The address a forwarder claims its client has, RFC 7871. Believed only where the
// configuration says so: anyone can claim anything.
#pragma once

#include "glue.h"
#include "net/prefix.h"

namespace saring {

constexpr std::uint16_t edns_option_client_subnet = 8;

// False when the query carries no well-formed EDNS Client Subnet option.
bool client_subnet(const saring_query& query, Prefix& out);

}  // namespace saring
