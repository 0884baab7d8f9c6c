// All that `status` says, as JSON: what the database holds, how image, module, feeds, lists and hits fare, and
// whether all that is in order.
#pragma once

#include "output/output.h"
#include "program/session.h"
#include "state/concerns.h"

namespace saring::tool {

struct StatusState {
    Json json;
    std::vector<Concern> found;
};
// `module`: of module_state. Throws Error(database).
StatusState status_state(Session& session, const Json& module, const ledger::Snapshot& snapshot, UnixTime now);

}  // namespace saring::tool
