// The content of the hit log, for `hits summary` and `status`.
#pragma once

#include "output/output.h"
#include "program/session.h"

namespace saring::tool {

// `all_frames`: reads the whole log, so that "damage" has all there is. Throws as read_hits.
Json hits_state(Session& session, bool all_frames);
// The same, or {"path", "error"} where there is none to be read.
Json hits_state_or_error(Session& session);
// Damage, and segments of an earlier version; a line each.
void print_hits_trouble(const Json& hits);
// One or two lines, for `status`.
void print_hits_state(const Json& hits, const Json& module);

}  // namespace saring::tool
