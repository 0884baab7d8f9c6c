// How each list fares, for `status`: when its content last changed, and when it ends unless it is renewed.
#pragma once

#include "config/config.h"
#include "output.h"
#include "store/snapshot.h"

namespace saring::tool {

// Lists that nobody revoked.
Json lists_json(const Config& config, const Snapshot& s, UnixTime now);
void print_list(const Json& list);

}  // namespace saring::tool
