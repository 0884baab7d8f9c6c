// The state of each list, for `status`: when its content last changed, and when it ends unless renewed.
#pragma once

#include "config/config.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// All lists that are not revoked.
Json lists_json(const config::Config& config, const ledger::Snapshot& s, UnixTime now);
void print_list(const Json& list);

}  // namespace saring::tool
