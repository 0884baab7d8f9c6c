#include <algorithm>
#include <memory>

#include "base/time_text.h"
#include "hits/moment.h"
#include "hits/tally.h"
#include "hits_view/bars.h"
#include "hits_view/hits_query.h"
#include "hits_view/hits_source.h"
#include "order/csv.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

constexpr hitlog::Microseconds minute_us = 60 * hitlog::second_us;
constexpr hitlog::Microseconds most_bins = 72;  // where the width is chosen here: three days of hours
constexpr hitlog::Microseconds widths[] = {hitlog::second_us, 5 * hitlog::second_us, 15 * hitlog::second_us, minute_us, 5 * minute_us, 15 * minute_us,
                                   hitlog::hour_us, 3 * hitlog::hour_us, 6 * hitlog::hour_us, hitlog::day_us, 7 * hitlog::day_us, 28 * hitlog::day_us};

struct HitsHistogramOptions {
    HitsQuery query;
    std::string width;
    bool spark = false, json = false, csv = false;
};

hitlog::Microseconds width_for(hitlog::Microseconds span) {
    for (auto w : widths)
        // From a day on by the hour at least: the counts by hour can answer that.
        if (span <= w * most_bins && (span < hitlog::day_us || w >= hitlog::hour_us)) return w;
    return widths[std::size(widths) - 1];
}

hitlog::Microseconds floor_to(hitlog::Microseconds t, hitlog::Microseconds width) { return t - ((t % width) + width) % width; }

// Both ends closed, and bins that do not end before what is wanted.
hitlog::Microseconds close(hitlog::HitFilter& f, const HitsHistogramOptions& o, hitlog::Microseconds now) {
    bool open_end = o.query.until.empty();
    hitlog::Microseconds end = open_end ? now : f.until;
    if (o.query.since.empty()) f.since = floor_to(end - hitlog::day_us, hitlog::hour_us);
    auto width = o.width.empty() ? width_for(end - f.since) : hits::parse_span(o.width, "--width");
    // Of the bin that now lies in, all: it need not be cut in two to be counted so far.
    if (open_end) f.until = std::max(floor_to(now, width), f.since) + width;
    return width;
}

std::string width_text(hitlog::Microseconds w) {
    for (auto [unit, word] : {std::pair{hitlog::day_us, "d"}, {hitlog::hour_us, "h"}, {minute_us, "m"}})
        if (w % unit == 0) return std::to_string(w / unit) + word;
    return std::to_string(w / hitlog::second_us) + "s";
}

void print_bins(const hits::Histogram& h, std::uint64_t most) {
    bool bars = is_terminal();
    std::size_t digits = std::max<std::size_t>(4, std::to_string(most).size());
    auto room = terminal_width() > digits + 34 ? static_cast<unsigned>(terminal_width() - digits - 24) : 10u;
    std::string from = tr("FROM"), hits = tr("HITS");
    auto gap = 22 + digits > from.size() + hits.size() ? 22 + digits - from.size() - hits.size() : 1;
    print(from + std::string(gap, ' ') + hits);
    for (const auto& b : h.bins) {
        std::string n = std::to_string(b.count);
        print(shown_time(b.begin / hitlog::second_us) + "  " + std::string(digits - n.size(), ' ') + n +
              (bars && b.count ? "  " + bar(b.count, most, room) : ""));
    }
}

void show(Session& session, const HitsHistogramOptions& o) {
    auto now = hitlog::now_microseconds();
    auto filter = o.query.filter(now, true);
    auto width = close(filter, o, now);
    auto reader = read_hits(session);
    auto h = histogram(reader, filter, width);
    auto source = source_of(reader, filter, h.from_records);
    if (h.total == 0) session.exit_code = exit_no;
    report_damage(session, reader);
    if (o.csv) {
        print(order::csv_record({"begin", "hits"}), "");
        for (const auto& b : h.bins) print(order::csv_record({hitlog::format_microseconds(b.begin), std::to_string(b.count)}), "");
        return;
    }
    if (o.json) {
        Json j{{"width", width / hitlog::second_us}};
        add_source(j, source);
        j["total"] = h.total;
        j["bins"] = Json::array();
        for (const auto& b : h.bins) j["bins"].push_back({{"begin", hitlog::format_microseconds(b.begin)}, {"hits", b.count}});
        return print_json(j);
    }
    std::vector<std::uint64_t> counts;
    for (const auto& b : h.bins) counts.push_back(b.count);
    auto most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    if (o.spark) return print(tr("%1  %2, at most %3 in %4", sparkline(counts), trn("%1 hit", "%1 hits", h.total), most, width_text(width)));
    print_bins(h, most);
    print(tr("%1, at most %2 in %3", trn("%1 hit", "%1 hits", h.total), most, width_text(width)));
    print_source(source);
}

}  // namespace

void add_hits_histogram(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsHistogramOptions>();
    auto* c = add_command(hits, "histogram", tr("Show hits over time; the last day unless --since says otherwise"), [o, &session] { show(session, *o); });
    o->query.add_to(*c);
    c->add_option("--width", o->width, tr("time of a bar: 10s, 5m, 1h, 1d; chosen by the time shown"))->type_name("SPAN");
    auto* json = c->add_flag("--json", o->json, tr("answer in JSON"));
    auto* csv = c->add_flag("--csv", o->csv, tr("answer in CSV (RFC 4180)"))->excludes(json);
    c->add_flag("--spark", o->spark, tr("one line, a character a bar"))->excludes(json)->excludes(csv);
    c->footer(tr("Bars are drawn on a terminal. Widths of full hours come from the counts by hour, unless a filter\n"
                 "asks for what they do not hold. Days are UTC days; exit code 1 says that nothing was found.\n"
                 "%1Examples: blocklist-tool hits histogram --since 7d --order B-1/2024\n"
                 "          blocklist-tool hits histogram --since 2h --width 5m --spark", tr(times_help)));
}

}  // namespace saring::tool
