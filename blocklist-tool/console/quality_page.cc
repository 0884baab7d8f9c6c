// Service quality over the last day, with every order on the time axis.
#include <algorithm>
#include <cmath>

#include "console/page_context.h"
#include "quality/quality_log.h"
#include "quality/quality_output.h"
#include "quality/recorder.h"
#include "report/svg.h"

namespace saring::tool::console {
namespace {

constexpr std::size_t bars = 96, time_ticks = 6;

std::string text_of(const PageContext& v, const OrderMark& m) {
    return v.words()[m.begins ? "mark_begins" : "mark_ends"] + " " + m.order;
}

struct Measure {
    const char* key;  // of the page's words
    double factor;    // to what is drawn
    std::optional<double> (*value)(const ServiceQuality&);
};
constexpr Measure measures[] = {
    {"quality_rate", 1, [](const ServiceQuality& q) { return std::optional(q.per_second(q.queries)); }},
    {"quality_cache", 100, [](const ServiceQuality& q) { return q.cache_share; }},
    {"quality_p95", 1000, [](const ServiceQuality& q) { return q.p95; }},
    {"quality_servfail", 1000, [](const ServiceQuality& q) { return q.servfail_share; }},
};

// The worst or largest reading of each bar's time: an average would hide a bad minute.
std::string chart_of_measure(const PageContext& v, const std::vector<QualityAt>& readings,
                             const std::vector<OrderMark>& marks, const Measure& m, std::size_t number, UnixTime since,
                             UnixTime width) {
    report::SvgChart chart;
    chart.id = std::string("quality") + static_cast<char>('a' + number);
    chart.title = v.words()[m.key];
    chart.description = v.words()["quality_note"];
    chart.number = [&](std::uint64_t n) { return v.reader.number(n); };
    for (std::size_t i = 0; i < bars; ++i) {
        auto begin = since + static_cast<UnixTime>(i) * width;
        auto time = v.reader.time(begin);
        report::SvgColumn column{time, i % (bars / time_ticks) == 0 ? time.substr(11, 5) : "", 0, 0, false};
        std::optional<double> most;
        for (const auto& r : readings)
            if (r.time >= begin && r.time < begin + width)
                if (auto value = m.value(r.quality)) most = std::max(most.value_or(0), *value * m.factor);
        if (most) column.value = static_cast<std::uint64_t>(std::lround(*most));
        column.label += ": " + (most ? v.reader.number(column.value) : std::string("–"));
        for (const auto& mark : marks)
            if (mark.time >= begin && mark.time < begin + width)
                column.mark += (column.mark.empty() ? "" : ", ") + text_of(v, mark);
        chart.columns.push_back(std::move(column));
    }
    return report::svg_columns(chart);
}

std::string decimal(const PageContext& v, const std::optional<double>& n, double factor, const char* unit) {
    if (!n) return "–";
    auto tenths = static_cast<std::uint64_t>(std::lround(*n * factor * 10));
    return v.reader.number(tenths / 10) + (v.reader.language() == "id" ? "," : ".") + std::to_string(tenths % 10) +
           unit;
}

// The last reading of each region's resolvers together. No table where no resolver is said to serve one.
Section regions_of(const PageContext& v) {
    const auto& w = v.words();
    Section out{.id = "regions", .title = w["by_region"]};
    std::vector<std::pair<std::string, ServiceQuality>> readings;
    for (const auto& control : v.quality->controls())
        if (auto of = v.quality->of(control); !of.empty()) readings.emplace_back(control, of.back().quality);
    Table t;
    t.caption = w["by_region"];
    t.heads = {w["region"],      w["quality_rate"],     w["quality_cache"],
               w["quality_p95"], w["quality_servfail"], w["quality_unanswered"]};
    t.numbers = {1, 2, 3, 4, 5};
    auto number = [&](const Json& j, const char* name, double factor) {
        auto value = j[name].is_null() ? std::optional<double>() : j[name].get<double>();
        return Cell{.text = decimal(v, value, factor, ""), .is_number = true};
    };
    for (const auto& r : quality_regions_json(readings))
        t.rows.push_back({text_cell(r["region"]), number(r, "queries_per_second", 1), number(r, "cache_share", 100),
                          number(r, "recursion_p95", 1000), number(r, "servfail_share", 1000),
                          number_cell(r["unanswered"].get<std::uint64_t>(), v.reader)});
    if (!t.rows.empty()) out.tables.push_back(t);
    return out;
}

}  // namespace

Page quality_page(const PageContext& v) {
    const auto& w = v.words();
    Page page;
    page.title = w["menu_quality"];
    page.path = "/quality";
    page.query = v.request.query;
    const auto& recorder = *v.quality;
    if (recorder.controls().empty()) {
        page.sections = {{.id = "none", .title = w["menu_quality"], .paragraphs = {text_cell(w["quality_none"])}}};
        return page;
    }
    constexpr UnixTime width = QualityRecorder::kept_seconds / static_cast<UnixTime>(bars);
    UnixTime until = v.now - v.now % width + width, since = until - QualityRecorder::kept_seconds;
    auto marks = order_marks(Reading(v.session.database()).snapshot, since, until);
    std::size_t number = 0;
    for (const auto& control : recorder.controls()) {
        auto readings = recorder.of(control);
        auto suffix = std::to_string(++number);
        auto watched = watched_resolver(control);
        Section out{.id = "resolver" + suffix,
                    .title = watched.control + (watched.region.empty() ? "" : " (" + watched.region + ")")};
        if (auto trouble = recorder.trouble(control); !trouble.empty())
            out.paragraphs.push_back(text_cell(trouble, Tone::bad));
        if (readings.empty()) {
            out.paragraphs.push_back(text_cell(w["quality_soon"], Tone::quiet));
        } else {
            const auto& q = readings.back().quality;
            out.tiles = {
                {w["quality_rate"], {text_cell(decimal(v, q.per_second(q.queries), 1, ""))}},
                {w["quality_answers"], {text_cell(decimal(v, q.per_second(q.answers), 1, ""))}},
                {w["quality_cache"], {text_cell(decimal(v, q.cache_share, 100, ""))}},
                {w["quality_median"], {text_cell(decimal(v, q.median, 1000, ""))}},
                {w["quality_p95"], {text_cell(decimal(v, q.p95, 1000, ""))}},
                {w["quality_p99"], {text_cell(decimal(v, q.p99, 1000, ""))}},
                {w["quality_servfail"], {text_cell(decimal(v, q.servfail_share, 1000, ""))}},
                {w["quality_unanswered"],
                 {Cell{.text = v.reader.number(q.unanswered), .tone = q.unanswered ? Tone::warning : Tone::plain}}}};
            if (!q.is_extended) out.paragraphs.push_back(text_cell(w["quality_plain"], Tone::warning));
        }
        page.sections.push_back(out);
        for (const auto& m : measures) {
            if (readings.empty()) break;
            auto of = static_cast<std::size_t>(&m - measures);
            page.sections.push_back({.id = std::string("chart") + suffix + static_cast<char>('a' + of),
                                     .title = w[m.key],
                                     .chart = chart_of_measure(v, readings, marks, m,
                                                               of + (number - 1) * std::size(measures), since, width),
                                     .chart_note = w["quality_note"]});
        }
    }
    if (auto regions = regions_of(v); !regions.tables.empty())
        page.sections.insert(page.sections.begin(), std::move(regions));
    Table t;
    t.caption = w["quality_marks"];
    t.heads = {w["time"], w["change"], w["order"]};
    for (const auto& mark : marks)
        t.rows.push_back({time_cell(format_rfc3339(mark.time), v.reader), text_cell(text_of(v, mark)),
                          order_cell(mark.order, v.reader)});
    Section orders{.id = "orders", .title = w["quality_marks"]};
    if (t.rows.empty()) orders.paragraphs.push_back(text_cell(w["none"]));
    else orders.tables.push_back(t);
    page.sections.push_back(orders);
    return page;
}

Json quality_for(const PageContext& v) {
    Json out{{"resolvers", Json::array()}};
    for (const auto& control : v.quality->controls()) {
        auto watched = watched_resolver(control);
        Json one{{"resolver", watched.control},
                 {"region", watched.region.empty() ? Json(nullptr) : Json(watched.region)},
                 {"error", v.quality->trouble(control).empty() ? Json(nullptr) : Json(v.quality->trouble(control))},
                 {"readings", Json::array()}};
        for (const auto& r : v.quality->of(control)) {
            Json reading = quality_json(control, r.quality);
            reading.erase("resolver");
            reading.erase("region");
            reading.erase("error");
            reading["time"] = format_rfc3339(r.time);
            one["readings"].push_back(reading);
        }
        out["resolvers"].push_back(one);
    }
    return out;
}

}  // namespace saring::tool::console
