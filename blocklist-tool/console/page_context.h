// One visit to a page: who reads, what is asked, and what may be looked at for it. On the page thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "console/hits_look.h"
#include "console/page.h"
#include "hits/reader.h"
#include "hits_view/hits_counts.h"
#include "hits_view/hits_query.h"
#include "program/session.h"

namespace saring::tool {

class QualityRecorder;

namespace console {

// Tables of the overview, which everybody has open: recounted after ten seconds, not for each viewer.
struct RecentCounts {
    std::map<std::string, std::pair<std::chrono::steady_clock::time_point, TopCounted>> tables;
};

struct PageContext {
    Session& session;
    const Request& request;
    const Reader& reader;
    std::shared_ptr<hits::HitLog> log;
    UnixTime now;
    std::function<bool()> is_over;  // whether hits were looked at for long enough
    const QualityRecorder* quality;
    RecentCounts* lately;
    const HitsLook* fleet;  // null: hits are those of this host

    const Words& words() const { return reader.words(); }
    const config::Config& config() const { return session.config(); }
    std::string parameter(const std::string& name) const { return request.parameter(name); }

    // One look at the hits of the fleet or this host; throws hits::LookEnded when is_over. Throws hits::NoHitLog.
    std::shared_ptr<const HitsLook> hits() const;
    // Of the form's fields, or of a link.
    HitsQuery query() const;
    hitlog::HitFilter filter(const HitsQuery& query, bool by_hour = false) const;
};

// The fields of a query as a form, and as parameters of a link.
std::vector<FormField> form_of(const PageContext& visit, const HitsQuery& query);
Parameters parameters_of(const HitsQuery& query);

// Hits over the filter's time as columns; without a beginning the last day. Empty when that takes too long.
struct Chart {
    std::string svg, note;
    std::uint64_t total = 0;
};
std::optional<Chart> chart_of(const PageContext& visit, const HitsLook& look, hitlog::HitFilter filter,
                              const std::string& id);

// The largest of a kind, each with a link to what it is about.
Table top_table(const PageContext& visit, const TopCounted& counted, const std::string& caption,
                const HitsQuery& within);
// The same; no rows where the time did not suffice, nothing without hits. `lately`: the name under which it may be ten
// seconds old.
std::optional<Table> count_table(const PageContext& visit, const HitsLook& look, const char* kind,
                                 const hitlog::HitFilter& filter, std::size_t most, const std::string& caption,
                                 const HitsQuery& within, const std::string& lately = {});
// Adds what count_table() returned; of a table without rows, that it is still being counted.
void add_table(const PageContext& visit, Section& section, std::optional<Table> table);

struct CountedKind {
    const char *kind, *caption;
};
// The hits of the last seven days that `query` finds: a chart, and a table for each kind with its caption's word.
// `chart`: an id of its own for the chart.
Section hits_of_week(const PageContext& visit, HitsQuery query, const std::string& chart,
                     const std::vector<CountedKind>& kinds);
std::string source_note(const PageContext& visit, const HitsSource& source);
Table hits_table(const PageContext& visit, const std::vector<hitlog::Hit>& hits, const std::string& caption);

// The pages, and the addresses that end in .json: both from the same JSON.
Page overview_page(const PageContext& visit);
Page hits_page(const PageContext& visit);
Page top_page(const PageContext& visit);
Page live_page(const PageContext& visit);
Page name_page(const PageContext& visit);
Page orders_page(const PageContext& visit);
Page order_page(const PageContext& visit);
Page quarantine_page(const PageContext& visit);
Page journal_page(const PageContext& visit);
Page commit_page(const PageContext& visit);
Page feeds_page(const PageContext& visit);
Page quality_page(const PageContext& visit);

Json status_for(const PageContext& visit, Say say);
Json explain_for(const PageContext& visit, Say say);
Json journal_for(const PageContext& visit);
Json quality_for(const PageContext& visit);
Json top_for(const PageContext& visit);
Json histogram_for(const PageContext& visit);

// Hits of a page or an export, by the form's filter, order of rows, limit and cursor.
struct HitsFound {
    std::vector<hitlog::Hit> hits;
    bool more = false;
    bool ended_early = false;  // there may be more: the search took too long
    std::string next;          // cursor of the page after; empty: there is none
};
HitsFound find_hits(const PageContext& visit, const HitsQuery& query, std::size_t limit);

}  // namespace console
}  // namespace saring::tool
