// What the hits database holds, for `hits summary` and `status`.
#pragma once

#include "hits/database.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {

Json hits_state(Session& session);  // throws as HitsDatabase::open
// The same, or {"path", "error"} where there is none to be read.
Json hits_state_or_error(Session& session);
// One or two lines, for `status`.
void print_hits_state(const Json& hits, const Json& module);

}  // namespace saring::tool
