// One synchronisation of one feed: fetch, then one transaction with everything new and the feed's state. A failure
// leaves the blocklist unchanged and is recorded for `status`.
#pragma once

#include "feed/source.h"

namespace saring::feed {

// Errors of the feed do not throw; they are in report.failure. `dry_run` does everything except the commit. Throws
// Error(usage) when the feed's configuration is invalid.
SyncReport sync_feed(const SourceContext& context, const std::string& operator_name, bool dry_run);

}  // namespace saring::feed
