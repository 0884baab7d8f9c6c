// How each feed fares, for `status`.
#pragma once

#include "config/config.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// What every configured feed is at, and what was left of one that is configured no more.
Json feeds_json(const config::Config& config, const ledger::Snapshot& s, UnixTime now);
void print_feed(const Json& feed);

}  // namespace saring::tool
