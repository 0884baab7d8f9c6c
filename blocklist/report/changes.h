// What the journal says came into the blocklist in a report's time, and what left it.
#pragma once

#include "ledger/snapshot.h"
#include "report/figures.h"

namespace saring::report {

// Of the commits of since <= time < until; at most `most` targets. A target that came and left again within the time is
// left out. Throws Error(database) on damage.
ReportChanges gather_changes(const ledger::Snapshot& blocklist, UnixTime since, UnixTime until, std::size_t most);

}  // namespace saring::report
