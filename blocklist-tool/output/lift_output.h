// What orders lift of others, as commands tell it.
#pragma once

#include "ledger/lifts.h"
#include "output/output.h"

namespace saring::tool {

// {"order", "domain", "match"}: as in the document.
Json revocation_json(const order::Revocation& r);
// The same, each with "why".
Json idle_lifts_json(const std::vector<ledger::IdleLift>& idle);
// A line a lift on standard error: `id`, the lifting order, did not do what it was meant to.
void complain_of_idle_lifts(const std::string& id, const std::vector<ledger::IdleLift>& idle);

}  // namespace saring::tool
