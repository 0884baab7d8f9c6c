// A held target as every command answers it in JSON.
#pragma once

#include "ledger/quarantine.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// Of what a commit has just held: target, rule, why.
Json held_json(const std::vector<ledger::HeldTarget>& held);

// Held back is never silent: a line a target on standard error, whatever the exit code; of very many the first.
// `whose`: "order B-1", "list:x".
std::string state_word(ledger::HeldState state);

void complain_of_held(const std::string& whose, const std::vector<ledger::HeldTarget>& held);

Json held_json(const ledger::Held& held, const policy::OrderRecord& order, UnixTime now);

// What `quarantine list` lists: of one order, or of all when `order` is empty; `all`: also what was decided or closed.
// Throws Error(not_found).
void each_listed_held(const ledger::Snapshot& s, const std::string& order, bool all, UnixTime now,
                      const std::function<void(const ledger::Held&, const policy::OrderRecord&)>& visit);
Json held_list_json(const ledger::Snapshot& s, const std::string& order, bool all, UnixTime now);

}  // namespace saring::tool
