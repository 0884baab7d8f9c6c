// One synchronisation of one feed: fetch, then one transaction with all that is new and
// with what is remembered of the feed. A failure leaves the blocklist as it was and is
// recorded for `status`.
#pragma once

#include "feed/source.h"

namespace saring::feed {

// Never throws for what is wrong with the feed: that is report.failure. `dry_run` does all
// but the commit. Throws Error(usage) for a feed that is configured wrongly.
SyncReport sync_feed(const SourceContext& context, const std::string& operator_name, bool dry_run);

}  // namespace saring::feed
