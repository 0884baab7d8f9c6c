#include "client_subnet.h"

#include <algorithm>

namespace saring {

bool client_subnet(const std::uint8_t* option, std::size_t size, Prefix& out) {
    // RFC 7871 section 6: family, source prefix length, scope prefix length, truncated address.
    if (!option || size < 4 || option[0] != 0 || (option[1] != 1 && option[1] != 2) || option[2] == 0) return false;
    std::size_t max_octets = option[1] == 1 ? 4 : 16;
    if (size - 4 > max_octets) return false;
    std::uint8_t octets[16] = {};
    std::copy(option + 4, option + size, octets);
    out = Prefix::of_address(option[1] == 1 ? 4 : 6, octets);
    return true;
}

}  // namespace saring
