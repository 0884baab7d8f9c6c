// What a policy zone does with a name.
#pragma once

#include <cstdint>

namespace saring::rpz {

enum class RpzAction : std::uint8_t { none, nxdomain, nodata, drop, redirect, passthru };

}  // namespace saring::rpz
