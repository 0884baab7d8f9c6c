// Classes, types and RCODEs that the module uses (IANA, Domain Name System Parameters).
#pragma once

#include <cstdint>

namespace saring {

constexpr std::uint16_t class_in = 1, class_any = 255;
constexpr std::uint16_t type_a = 1, type_cname = 5, type_soa = 6, type_aaaa = 28, type_ds = 43, type_dnskey = 48,
                        type_any = 255;
constexpr std::uint16_t rcode_noerror = 0, rcode_servfail = 2, rcode_nxdomain = 3, rcode_refused = 5;

}  // namespace saring
