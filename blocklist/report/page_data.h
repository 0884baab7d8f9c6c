// From figures to what the page's template names. Internal to report/page.cc and its parts.
#pragma once

#include <kainjow/mustache.hpp>

#include "report/figures.h"
#include "report/words.h"

namespace saring::report::page_parts {

using kainjow::mustache::data;

// Present, so that {{^name}} holds and an outer value of the name does not shine through.
data absent();
data text_or_absent(const std::string& text);
data list_or_absent(std::vector<data> items);

// Sets name and name_rfc3339; absent for `never` and beyond the years that are written in four digits.
void set_time(data& d, const std::string& name, UnixTime t, const Words& words);
// An address as a link, or as text where safe_link refuses it.
data link(const std::string& uri);

// Sets refused, logged, share, bar and hidden.
void set_hits(data& d, const Hits& hits, const ReportFigures& f, std::uint64_t most, const Words& words);
std::uint64_t most_hits(const std::vector<ReportOrder>& rows);
std::uint64_t most_hits(const std::vector<ReportRegion>& rows);

// "2 d 3 h", of the two largest units.
std::string duration_text(UnixTime seconds, const Words& words);

// Sets orders, late_orders and what is said of them.
void set_orders(data& page, const ReportFigures& f, const Words& words, std::size_t most);
// Sets changes and what is said of them.
void set_changes(data& page, const ReportFigures& f, const Words& words);
// "12.5 % more than in the time before (1,234)"; empty: it is not known.
std::string against_before(const Figure& now, const Figure& before, const ReportFigures& f, const Words& words);
std::string lift_text(const ReportLift& lift, const Words& words);
// Sets chart and table.
void set_time_bins(data& page, const ReportFigures& f, const Words& words);
void set_regions(data& page, const ReportFigures& f, const Words& words);

}  // namespace saring::report::page_parts
