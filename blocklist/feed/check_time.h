// The time of the last synchronisation that found nothing new, kept as the mtime of a file beside the database: such a
// synchronisation writes no transaction.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/feed_state.h"

namespace saring::feed {

// `database` is the database's folder. False when the file cannot be written.
bool note_checked(const std::string& database, const std::string& feed, UnixTime now);

// The feeds' states in the database, by name; last_success is the later of the stored time and note_checked()'s.
std::vector<std::pair<std::string, ledger::FeedState>> feed_states(const std::string& database,
                                                                   const ledger::lmdb::Transaction& txn,
                                                                   const ledger::Tables& tables);

}  // namespace saring::feed
