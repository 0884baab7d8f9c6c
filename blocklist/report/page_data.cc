#include "report/page_data.h"

#include <algorithm>

#include "geo/region_codes.h"
#include "report/page.h"
#include "report/svg.h"
#include "text/html.h"
#include "text/spoken.h"

namespace saring::report::page_parts {
namespace {

// From here on it is a way to write "no end".
constexpr UnixTime year_9999 = 253370764800;

template <typename Rows>
std::uint64_t most_of(const Rows& rows) {
    std::uint64_t most = 0;
    for (const auto& row : rows) most = std::max(most, row.hits.all());
    return most;
}

}  // namespace

data absent() { return data(data::type::bool_false); }
data text_or_absent(const std::string& text) { return text.empty() ? absent() : data(text); }

data list_or_absent(std::vector<data> items) {
    if (items.empty()) return absent();
    data out(data::type::list);
    for (auto& item : items) out.push_back(item);
    return out;
}

void set_time(data& d, const std::string& name, UnixTime t, const Words& words) {
    bool is_told = t < year_9999;
    d.set(name, is_told ? data(words.moment(t)) : absent());
    d.set(name + "_rfc3339", is_told ? data(format_rfc3339(t)) : absent());
}

data link(const std::string& uri) {
    if (uri.empty()) return absent();
    data d;
    auto href = safe_link(uri);
    bool web = href && (href->rfind("https://", 0) == 0 || href->rfind("http://", 0) == 0);
    d.set("href", web ? data(*href) : absent());
    d.set("label", uri);
    return d;
}

void set_hits(data& d, const Hits& h, const ReportFigures& f, std::uint64_t most, const Words& words) {
    d.set("refused", figure_text(h.refused, f.threshold, words));
    d.set("logged", figure_text(h.logged, f.threshold, words));
    d.set("hidden", data(!h.refused.is_exact()));
    // Of what was refused; an order on trial has no share in that.
    bool has_share = h.refused.is_exact() && f.total.refused.is_exact() && f.total.refused.count > 0;
    d.set("share",
          has_share ? spoken_share(h.refused.count, f.total.refused.count, words.language()) : std::string("–"));
    d.set("bar", svg_bar(h.refused.count, h.logged.count, most));
}

std::uint64_t most_hits(const std::vector<ReportOrder>& rows) { return most_of(rows); }
std::uint64_t most_hits(const std::vector<ReportRegion>& rows) { return most_of(rows); }

std::string duration_text(UnixTime seconds, const Words& words) {
    static constexpr std::pair<UnixTime, const char*> units[] = {
        {86400, "duration_days"}, {3600, "duration_hours"}, {60, "duration_minutes"}, {1, "duration_seconds"}};
    std::string out;
    int told = 0;
    for (auto [unit, key] : units) {
        auto n = seconds / unit;
        seconds %= unit;
        if (told == 1 && n == 0) break;
        if (n == 0) continue;
        out += (out.empty() ? "" : " ") + words.say(key, {{"n", words.number(static_cast<std::uint64_t>(n))}});
        if (++told == 2) break;
    }
    return out;
}

void set_time_bins(data& page, const ReportFigures& f, const Words& words) {
    bool hours = f.bin_seconds < 86400;
    const char* unit = hours ? "hour" : f.bin_seconds == 86400 ? "day" : f.bin_seconds == 7 * 86400 ? "week" : "weeks";
    auto per = words[std::string("per_") + unit];
    auto label = [&](UnixTime t) { return hours ? words.day(t) + " " + words.clock(t) : words.date(t); };
    page.set("time_intro", words.say("time_intro", {{"per", per}, {"zone", words.zone_name()}}));
    page.set("time_caption", words.say("time_caption", {{"per", per}}));
    page.set("time_head", words[unit]);

    SvgChart chart;
    chart.id = "timechart";
    chart.title = words.say("time_title", {{"per", per}});
    chart.number = [&](std::uint64_t n) { return words.number(n); };
    const ReportBin* peak = nullptr;
    bool any_hidden = false;
    std::vector<data> rows;
    auto every = std::max<std::size_t>(1, (f.bins.size() + 4) / 5);
    for (std::size_t i = 0; i < f.bins.size(); ++i) {
        const auto& b = f.bins[i];
        data row;
        row.set("label", label(b.begin));
        row.set("rfc3339", format_rfc3339(b.begin));
        row.set("part", data(!b.whole));
        set_hits(row, b.hits, f, 0, words);
        rows.push_back(row);
        SvgColumn column{label(b.begin) + ": " + figure_text(b.hits.refused, f.threshold, words), "",
                         b.hits.refused.count, b.hits.logged.count, !b.hits.refused.is_exact()};
        if (i % every == 0) column.tick = hours ? words.clock(b.begin) : words.day(b.begin);
        chart.columns.push_back(column);
        any_hidden |= column.hidden;
        if (b.hits.refused.count > 0 && (!peak || peak->hits.refused.count < b.hits.refused.count)) peak = &b;
    }
    chart.description =
        peak ? words.say("time_desc", {{"most", words.number(peak->hits.refused.count)}, {"when", label(peak->begin)}})
        : any_hidden ? words["time_desc_hidden"]
                     : words["time_desc_none"];
    page.set("time_chart", svg_columns(chart));
    page.set("time_hidden", data(any_hidden));
    page.set("bins", list_or_absent(rows));
}

void set_regions(data& page, const ReportFigures& f, const Words& words) {
    auto most = most_hits(f.regions);
    std::vector<data> rows;
    std::string few, withheld;
    for (const auto& r : f.regions) {
        auto name = r.code.empty() ? words["unknown_region"] : geo::province_name(r.code);
        // Three dozen times "< 10" is better said in a sentence.
        if (!r.hits.refused.is_exact()) {
            auto& list = r.hits.refused.shown == Figure::Shown::few ? few : withheld;
            list += (list.empty() ? "" : ", ") + (name.empty() ? r.code : name);
            continue;
        }
        data row;
        row.set("name", name.empty() ? r.code : name);
        row.set("code", name.empty() ? absent() : text_or_absent(r.code));
        set_hits(row, r.hits, f, most, words);
        rows.push_back(row);
    }
    page.set("some_regions", data(!rows.empty()));
    page.set("regions", list_or_absent(rows));
    page.set("regions_few", few.empty()
                                ? absent()
                                : data(words.say("regions_few", {{"n", words.number(f.threshold)}, {"list", few}})));
    page.set("regions_withheld",
             withheld.empty() ? absent() : data(words.say("regions_withheld", {{"list", withheld}})));
}

}  // namespace saring::report::page_parts
