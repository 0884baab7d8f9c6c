// The figures of a report of hits before they are put into words: plain values, from gather.h.
// A public report (public_figures) holds no client, no resolver and no small number at all: what is
// withheld is not in the figures any more, so nothing that is made of them can give it away.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hits/tally.h"
#include "policy/order_record.h"

namespace saring::report {

struct Figure {
    enum class Shown {
        exact,
        few,       // below the threshold, or none at all
        withheld,  // not small, but with it a small one could be computed
    };
    std::uint64_t count = 0;  // 0 unless exact
    Shown shown = Shown::exact;
    bool is_exact() const { return shown == Shown::exact; }
};

// Queries that were refused, and those that an order with action `log` would have refused.
struct Hits {
    Figure refused, logged;
    std::uint64_t all() const { return refused.count + logged.count; }
};

struct ReportBin {
    UnixTime begin = 0;
    bool whole = true;  // false: the report's time begins or ends within it
    Hits hits;
};

struct ReportName {
    std::string name;   // as listed; empty: not kept
    std::string order;  // id
    Figure hits;        // refused and logged together
};

// A lift by an order: of another order, or of a name of it, with all below it if `below`.
struct ReportLift {
    std::string order, name;
    bool below = false;
};

struct ReportOrder {
    std::string id;  // empty: not kept (a hit whose order could not be recorded), or all of the ISP's own, see `kind`
    bool known = false;  // is in the database; else record and texts are empty
    policy::OrderRecord record;
    policy::OrderTexts texts;
    policy::OrderState state = policy::OrderState::active;  // when the report was made
    Hits hits;
    std::vector<ReportName> names;  // of a public report that shows names
    std::vector<ReportLift> lifts;
    bool late() const { return known && !record.deadline_met(); }
};

// A target that came into an order in the report's time, or left it.
struct ReportChange {
    UnixTime time = 0;
    bool added = false;
    std::string target, order;
    std::string by;  // of one that left: the order that lifted it, or who and why
};

struct ReportChanges {
    bool known = true;                               // false: the journal does not hold all changes of the time
    std::uint64_t added = 0, removed = 0;            // targets of orders; what came and left again is in neither
    std::uint64_t list_added = 0, list_removed = 0;  // targets of lists, each time
    std::vector<ReportChange> targets;               // of orders and the ISP's own; the newest first, the first ones
    std::uint64_t left_out = 0;
    std::map<std::string, std::uint64_t> lifted_by;  // how many targets each order lifted
};

struct ReportRegion {
    std::string code;  // ISO 3166-2; empty: not known
    Hits hits;
};

// A resolver's service in a bar of the report's time, by its own statistics.
struct ReportQuality {
    UnixTime begin = 0;
    std::string resolver;                                                 // and its region
    double queries = 0, answers = 0;                                      // a second
    std::optional<double> cache_share, servfail_share, median, p95, p99;  // times in seconds
    std::uint64_t unanswered = 0;
    std::vector<std::pair<std::string, bool>> orders;  // that began (true) or ended then
};

struct ReportHeld {
    std::string target, order, rule, why;
    UnixTime since = 0;
};

struct ReportFigures {
    bool is_public = false, shows_names = true, shows_clients = false;
    std::uint64_t threshold = 0;  // of a public report: smaller figures are withheld
    std::string isp;              // who reports; may be empty

    UnixTime since = 0, until = 0;  // whole hours, except that `until` is `made` while the last hour runs
    UnixTime made = 0;

    // The filter of the figures: options and their values. None: all hits.
    std::vector<std::pair<std::string, std::string>> filter;
    bool from_records = false;  // else from the counts by hour

    Hits total;
    // Of the time of the same length before `since`, where counts go back so far.
    bool has_before = false;
    Hits total_before;
    Figure names_before;
    Figure names_hit;  // different listed names with hits
    std::uint64_t orders_in_force = 0, lists_in_force = 0, orders_with_deadline = 0;
    Figure dropped;  // of the hits in the time: counted, but without a record

    UnixTime bin_seconds = 86400;
    std::vector<ReportBin> bins;        // without gaps
    std::vector<ReportOrder> orders;    // most hits first; in force in the time, or with hits
    std::vector<ReportRegion> regions;  // most hits first
    std::vector<ReportName> names;      // most hits first; the top ones
    std::uint64_t names_left_out = 0;
    std::vector<hits::TallyRow> actions;  // from the counts by hour

    // From the records, which may not go back as far as the report.
    std::vector<hits::TallyRow> transports, qtypes, triggers, clients;
    std::uint64_t records = 0;  // in the time
    std::uint64_t clients_left_out = 0;

    hits::HitsSummary hits_database;
    std::string hits_path, blocklist_path;
    std::uint64_t serial = 0;
    std::string journal_hash;  // of the journal's last record, hex: it vouches for all before it
    ReportChanges changes;

    std::uint64_t held_count = 0;
    std::vector<ReportHeld> held;

    bool watches_quality = false;  // resolvers are configured for it
    std::vector<ReportQuality> quality;
};

}  // namespace saring::report
