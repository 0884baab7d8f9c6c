// Output about held targets.
#pragma once

#include "ledger/quarantine.h"
#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// Targets that a commit has just held: target, rule, why.
Json held_json(const std::vector<ledger::HeldTarget>& held);

std::string state_word(ledger::HeldState state);

// Reports held targets on standard error, one line each, the first 100 of them, whatever the exit code.
// `whose`: "order B-1", "list:x".
void complain_of_held(const std::string& whose, const std::vector<ledger::HeldTarget>& held);

Json held_json(const ledger::Held& held, const policy::OrderRecord& order, UnixTime now);

// Visits what `quarantine list` lists: targets of one order, or of all orders if `order` is empty. `all`: also decided
// and closed ones. Throws Error(not_found).
void each_listed_held(const ledger::Snapshot& s, const std::string& order, bool all, UnixTime now,
                      const std::function<void(const ledger::Held&, const policy::OrderRecord&)>& visit);
Json held_list_json(const ledger::Snapshot& s, const std::string& order, bool all, UnixTime now);

}  // namespace saring::tool
