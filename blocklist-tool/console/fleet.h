// Hits of a fleet: what `hits ship` has brought to the ClickHouse server of [ship], asked for as the pages ask of this
// host's hit log. Statements change nothing there (readonly), and end after console.look_seconds. Only records arrive:
// hits that a resolver counted without a record are not known. Used by one thread.
#pragma once

#include "config/config.h"
#include "console/hits_look.h"

namespace saring::tool::console {

// Throws Error(usage) when [ship] names no ClickHouse server. Connects at the first question; questions throw
// Error(network), and Error(trust) for its certificate.
std::unique_ptr<HitsLook> look_at_fleet(const config::Config& config);

}  // namespace saring::tool::console
