// All data of `status` as JSON: contents of the database, state of image, module, feeds, lists and hits, and whether
// all is in order.
#pragma once

#include "output/output.h"
#include "program/session.h"
#include "state/concerns.h"

namespace saring::tool {

// The part that is read from the database; contains all reads of it.
Json database_state(Session& session, const ledger::Snapshot& snapshot, UnixTime now);

struct StatusState {
    Json json;
    std::vector<Concern> found;
};
// `module`: from module_state. Throws Error(database).
StatusState status_state(Session& session, const Json& module, const ledger::Snapshot& snapshot, UnixTime now);

}  // namespace saring::tool
