// The figures of a report, from the hit log and the blocklist. Counts come from the
// counts by hour, which outlive the records and hold what could not be recorded; what
// these do not hold (transports, query types, clients) from the records.
// With a filter that the counts by hour cannot answer, everything comes from the records.
// Throws Error(database) as the readers do, Error(usage).
#pragma once

#include "config/config.h"
#include "hits/reader.h"
#include "ledger/snapshot.h"
#include "report/figures.h"

namespace saring::report {

struct ReportRequest {
    UnixTime since = 0, until = 0;  // whole hours, since < until
    UnixTime now = 0;
    std::string isp;
    std::size_t most = 50;                                          // names and clients
    bool clients = false;                                           // in the form that is stored
    hits::HitFilter filter;                                         // its time is not looked at
    std::vector<std::pair<std::string, std::string>> filter_shown;  // figures.h
    UnixTime utc_offset = 0;                                        // days begin at its midnight; whole hours
};

ReportFigures gather_figures(const hits::HitsReader& hits, const ledger::Snapshot& blocklist,
                             const config::Config& config, const ReportRequest& request);

// All names with hits, by order and name; for public_figures.
std::vector<ReportName> gather_names(const hits::HitsReader& hits, const ReportRequest& request);

// An hour for up to two days, a day for up to three months, then weeks, then four weeks.
UnixTime bin_width(UnixTime span);

}  // namespace saring::report
