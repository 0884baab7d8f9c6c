// How each feed fares, for `status`.
#pragma once

#include "config/config.h"
#include "output.h"
#include "store/snapshot.h"

namespace saring::tool {

// What every configured feed is at, and what was left of one that is configured no more.
Json feeds_json(const Config& config, const Snapshot& s, UnixTime now);
void print_feed(const Json& feed);

}  // namespace saring::tool
