// The state of each feed, for `status`.
#pragma once

#include "config/config.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// Every configured feed, and feeds in the database that are no longer configured.
Json feeds_json(const config::Config& config, const ledger::Snapshot& s, UnixTime now);
void print_feed(const Json& feed);

}  // namespace saring::tool
