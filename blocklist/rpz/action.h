// Action of a policy zone's record.
#pragma once

#include <cstdint>

namespace saring::rpz {

enum class RpzAction : std::uint8_t { none, nxdomain, nodata, drop, redirect, passthru };

}  // namespace saring::rpz
