// This machine's clock, compared with the times of the last ten commits: a later one means that the clock was set back,
// or that it was ahead when that commit was made. Ten, since a clock that was set back may have made the last.
#pragma once

#include "ledger/snapshot.h"
#include "output/output.h"

namespace saring::tool {

// 2024-01-01, before the first version of this program: no right clock is earlier.
constexpr UnixTime earliest_time = 1704067200;

// Why the clock cannot be right; empty if it is not more than five minutes before the latest of them.
Message clock_is_behind(const ledger::Snapshot& snapshot, UnixTime now);

}  // namespace saring::tool
