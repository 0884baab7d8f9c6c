// How each list fares, for `status`: when its content last changed, and when it ends unless it is renewed.
#pragma once

#include "config/config.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// Lists that nobody revoked.
Json lists_json(const config::Config& config, const ledger::Snapshot& s, UnixTime now);
void print_list(const Json& list);

}  // namespace saring::tool
