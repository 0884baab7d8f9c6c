// Exports the blocklist as a response policy zone for resolvers without Saring: BIND, Unbound, Knot Resolver, PowerDNS.
// It blocks exactly the names that Saring blocks at the time of the export (rpz/tree.h). Entries that a policy zone
// cannot express are left out and counted: regional orders, `log` orders and, unless requested, the ISP's own policy;
// refused becomes NXDOMAIN.
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
    std::vector<std::string> regions;     // include orders for one of these
    bool local = false;                   // include the ISP's own policy
    std::optional<std::uint32_t> serial;  // absent: the database's
    UnixTime now = 0;
};

struct RpzExported {
    std::uint32_t serial = 0;
    std::uint64_t records = 0, names = 0, addresses = 0;
    std::set<std::string> used;                        // ids of the orders in the zone
    std::set<std::string> regional, rehearsed, local;  // in force but left out
    std::uint64_t too_long = 0;                        // names longer than 255 bytes below the origin: left out
    bool refusals_as_nxdomain = false;
    UnixTime valid_until = policy::never;  // when an order begins or ends, and the export should be repeated
};

// Passes the zone's text to `sink` in parts. Throws Error(not_found) for an id that is not in the database.
using TextSink = std::function<void(std::string_view)>;
RpzExported export_rpz(const ledger::Snapshot& snapshot, const config::Config& config, const RpzExportOptions& options,
                       const TextSink& sink, Progress& progress);

}  // namespace saring::rpz
