// Output about lifts.
#pragma once

#include "ledger/lifts.h"
#include "output/output.h"

namespace saring::tool {

// {"order", "domain", "match"}, as in the document.
Json revocation_json(const order::Revocation& r);
// The same, each with "why".
Json idle_lifts_json(const std::vector<ledger::IdleLift>& idle);
// Reports each lift of order `id` that lifts nothing, one line each on standard error.
void complain_of_idle_lifts(const std::string& id, const std::vector<ledger::IdleLift>& idle);

}  // namespace saring::tool
