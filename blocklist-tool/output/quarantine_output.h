// A held target as every command answers it in JSON.
#pragma once

#include "ledger/quarantine.h"
#include "output/output.h"

namespace saring::tool {

// Of what a commit has just held: target, rule, why.
Json held_json(const std::vector<ledger::HeldTarget>& held);

// Held back is never silent: a line a target on standard error, whatever the exit code; of very many the first.
// `whose`: "order B-1", "list:x".
std::string state_word(ledger::HeldState state);

void complain_of_held(const std::string& whose, const std::vector<ledger::HeldTarget>& held);

Json held_json(const ledger::Held& held, const policy::OrderRecord& order, UnixTime now);

}  // namespace saring::tool
