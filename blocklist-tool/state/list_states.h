// The state of each list, for `status`: when its content last changed, and when it ends unless renewed.
#pragma once

#include "config/config.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// All lists that are not revoked.
Json lists_json(const config::Config& config, const ledger::Snapshot& s, UnixTime now);
void print_list(const Json& list);

// A list's id from how people write it: with or without "list:" before it.
std::string list_id(const std::string& text);
// The [[feed]] that follows the list; empty: none does.
std::string feed_of_list(const config::Config& config, const std::string& id);
Json feed_json_of_list(const config::Config& config, const std::string& id);  // null: none
Error no_such_list(const std::string& id);                                    // not_found

}  // namespace saring::tool
