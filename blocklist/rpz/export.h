// The blocklist as a response policy zone, for resolvers that do not run Saring: BIND,
// Unbound, Knot Resolver, PowerDNS. It blocks exactly the names that Saring blocks at the moment of the
// export (rpz/tree.h says how). What a policy zone cannot say is left out and counted:
// orders for some regions, `log` orders, unless asked for the ISP's own policy; a refusal
// becomes NXDOMAIN.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "base/progress.h"
#include "config/config.h"
#include "ledger/snapshot.h"

namespace saring::rpz {

struct RpzExportOptions {
    OwnerName origin;
    std::set<std::string> orders;         // ids; empty: all
    std::vector<std::string> regions;     // orders for one of these hold as well
    bool local = false;                   // the ISP's own policy too
    std::optional<std::uint32_t> serial;  // else the database's
    UnixTime now = 0;
};

struct RpzExported {
    std::uint32_t serial = 0;
    std::uint64_t records = 0, names = 0, addresses = 0;
    std::set<std::string> used;                        // ids of orders that the zone stands on
    std::set<std::string> regional, rehearsed, local;  // left out, though in force
    std::uint64_t too_long = 0;                        // names that do not fit below the origin
    bool refusals_as_nxdomain = false;
    UnixTime valid_until = policy::never;  // when an order begins or ends, and the zone should be made anew
};

// Hands the zone's text on, piece by piece. Throws Error(not_found) for an id that is not
// in the database.
using TextSink = std::function<void(std::string_view)>;
RpzExported export_rpz(const ledger::Snapshot& snapshot, const config::Config& config, const RpzExportOptions& options,
                       const TextSink& sink, Progress& progress);

}  // namespace saring::rpz
