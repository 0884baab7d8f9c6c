// When a feed was last found to hold nothing new. Kept as the time of a file beside the
// database, not in it: a synchronisation that brings nothing writes no transaction.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/feed_state.h"

namespace saring::feed {

// `database` is the database's folder. False when the file cannot be written.
bool note_checked(const std::string& database, const std::string& feed, UnixTime now);

// What the database knows of its feeds, by name, with last_success as late as the feed was checked.
std::vector<std::pair<std::string, ledger::FeedState>> feed_states(const std::string& database,
                                                                   const ledger::lmdb::Transaction& txn,
                                                                   const ledger::Tables& tables);

}  // namespace saring::feed
