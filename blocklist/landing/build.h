// The landing site of the orders in force: static files for any web server, and the map by
// which nginx finds a blocked host's page.
//
//   www/index.html           for a host that the map does not name, and for the landing host itself
//   www/ended.html           for a name that is blocked no more
//   www/order/<hash>.html    one a signed order, list or entry of the ISP's own that a name leads to
//   nginx/hosts.map          host to page, not to be served (landing/hosts.h)
//   nginx/headers.conf       the pages' Content-Security-Policy as a header
//
// The hash is of the order's id, so a page keeps its name in every build and at every ISP.
// One page an order, some 10 KB, and one line a name, some 500 bytes in nginx's memory
// (measured) and twice that during a reload: fine for signed orders
// (safety.max_order_targets), not for a list of millions. So lists enter the map, smallest
// first, only while it stays within `most_names`; names of the others get index.html, which
// says so.
#pragma once

#include <set>
#include <string>

#include "base/progress.h"
#include "config/config.h"
#include "landing/page.h"
#include "landing/templates.h"
#include "ledger/snapshot.h"

namespace saring::landing {

struct LandingOptions {
    std::string directory;
    std::uint64_t most_names = 200000;  // in the map, for lists to be in it
    UnixTime now = 0;
    Publisher publisher;
};

struct LandingBuilt {
    std::uint64_t orders = 0, lists = 0, local = 0;  // pages of each kind
    std::uint64_t lines = 0;                         // of the map
    std::uint64_t unservable = 0;                    // names that no Host header can carry
    std::uint64_t bytes = 0;                         // all files
    std::set<std::string> lists_left_out;            // ids
    UnixTime valid_until = policy::never;            // when an order begins or ends: build again then
};

// Seconds for which a name of an ended order has a page that says so: longer than any
// answer may stay in a cache (answer.ttl is a day at most).
constexpr UnixTime ended_shown_for = 7 * 86400;

// The same database, options, templates and orders in force give the same bytes. Throws
// Error: refused (site_directory.h), usage, database.
LandingBuilt build_landing(const ledger::Snapshot& snapshot, const config::Config& config, const Templates& templates,
                           const LandingOptions& options, Progress& progress);

}  // namespace saring::landing
