// Targets that the journal says were added to the blocklist in a report's time or removed from it.
#pragma once

#include "ledger/snapshot.h"
#include "report/figures.h"

namespace saring::report {

// Of the commits of since <= time < until; at most `most` targets. A target that came and left again within the time is
// left out. Throws Error(database) on damage.
ReportChanges gather_changes(const ledger::Snapshot& blocklist, UnixTime since, UnixTime until, std::size_t most);

}  // namespace saring::report
