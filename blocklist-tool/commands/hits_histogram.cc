#include <algorithm>
#include <memory>

#include "base/time_text.h"
#include "hits/time_expression.h"
#include "hits_view/bars.h"
#include "hits_view/hits_counts.h"
#include "hits_view/hits_query.h"
#include "order/csv.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

constexpr hitlog::Microseconds bars_shown = 72;  // where the width is chosen here: three days of hours
constexpr std::size_t keys_shown = 5;            // of --by, in a table

struct HitsHistogramOptions {
    HitsQuery query;
    std::string width, by;
    bool spark = false, wide = false, json = false, csv = false;
};

// A row of bars that stands for one or, where nothing was asked for long, for several of nothing.
struct BinLine {
    std::size_t first = 0, count = 0;
};

std::vector<BinLine> lines_of(const hits::Histogram& h) {
    constexpr std::size_t told_apart = 3;  // so many empty ones in a row still stand for themselves
    std::vector<BinLine> out;
    for (std::size_t at = 0; at < h.bins.size();) {
        std::size_t end = at;
        while (end < h.bins.size() && h.bins[end].count == 0) ++end;
        if (end - at > told_apart) {
            out.push_back({at, end - at});
            at = end;
        } else {
            out.push_back({at++, 1});
        }
    }
    return out;
}

std::string label_of(const hits::Histogram& h, const BinLine& line) {
    auto time = [](hitlog::Microseconds t) { return shown_time(t / hitlog::second_us); };
    if (line.count == 1) return time(h.bins[line.first].begin);
    return tr("none to %1", time(h.bins[line.first + line.count - 1].begin + h.width));
}

// A column for each of the largest keys, and one for the rest.
void print_parts(const hits::Histogram& h, const HitsHistogramOptions& o) {
    std::vector<std::string> heads{tr("FROM"), tr("HITS")};
    auto keys = std::min(keys_shown, h.keys.size());
    for (std::size_t i = 0; i < keys; ++i)
        heads.push_back(h.keys[i].empty() ? tr(o.by == "order" ? marked("(not kept)") : marked("(unknown)"))
                                          : shown(h.keys[i]));
    if (h.keys.size() > keys) heads.push_back(tr("others"));
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> widths;
    widen(widths, heads);
    for (const auto& line : lines_of(h)) {
        const auto& b = h.bins[line.first];
        std::vector<std::string> row{label_of(h, line), line.count == 1 ? std::to_string(b.count) : "0"};
        std::uint64_t told = 0;
        for (std::size_t i = 0; i < keys; ++i) {
            row.push_back(line.count == 1 && b.parts[i] ? std::to_string(b.parts[i]) : "");
            told += b.parts[i];
        }
        if (h.keys.size() > keys) row.push_back(b.count > told ? std::to_string(b.count - told) : "");
        widen(widths, row);
        rows.push_back(std::move(row));
    }
    if (is_terminal() && !o.wide) fit(widths, terminal_width());
    print(table_line(heads, widths));
    for (const auto& row : rows) print(table_line(row, widths));
}

void print_bins(const hits::Histogram& h, std::uint64_t most) {
    bool bars = is_terminal();
    std::size_t digits = std::max<std::size_t>(4, std::to_string(most).size());
    auto room = terminal_width() > digits + 34 ? static_cast<unsigned>(terminal_width() - digits - 24) : 10u;
    std::string from = tr("FROM"), hits = tr("HITS");
    auto gap = 22 + digits > from.size() + hits.size() ? 22 + digits - from.size() - hits.size() : 1;
    print(from + std::string(gap, ' ') + hits);
    for (const auto& line : lines_of(h)) {
        const auto& b = h.bins[line.first];
        std::string n = std::to_string(b.count);
        if (line.count > 1) {
            print(toned(label_of(h, line), Tone::faint));
            continue;
        }
        print(label_of(h, line) + "  " + std::string(digits - n.size(), ' ') + n +
              (bars && b.count ? "  " + bar(b.count, most, room) : ""));
    }
}

void show(Session& session, const HitsHistogramOptions& o) {
    auto now = hitlog::now_microseconds();
    auto filter = o.query.filter(session, now, true);
    bool open_begin = o.query.since.empty(), open_end = o.query.until.empty();
    auto asked = filter;
    close_time(asked, open_begin, open_end, 1, now);
    auto width = o.width.empty() ? bin_width_for((open_end ? now : filter.until) - asked.since, bars_shown)
                                 : hits::parse_span(o.width, "--width");
    close_time(filter, open_begin, open_end, width, now);
    auto reader = read_hits(session);
    auto h = histogram(reader, filter, width, histogram_by(o.by));
    auto source = source_of(reader, filter, h.from_records);
    if (h.total == 0) tell_none(session, o.query, reader);
    report_damage(session, reader);
    if (o.csv) {
        std::vector<std::string> heads{"begin", "hits"};
        for (const auto& key : h.keys) heads.push_back(shown(key));
        print(order::csv_record(heads), "");
        for (const auto& b : h.bins) {
            std::vector<std::string> cells{hitlog::format_microseconds(b.begin), std::to_string(b.count)};
            for (auto part : b.parts) cells.push_back(std::to_string(part));
            print(order::csv_record(cells), "");
        }
        return;
    }
    if (o.json) return print_json(histogram_json(h, o.by, source));
    std::vector<std::uint64_t> counts;
    for (const auto& b : h.bins) counts.push_back(b.count);
    auto most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    if (o.spark)
        return print(tr("%1  %2, at most %3 in %4", sparkline(counts), trn("%1 hit", "%1 hits", h.total), most,
                        width_text(width)));
    if (!o.by.empty()) print_parts(h, o);
    else print_bins(h, most);
    print(tr("%1, at most %2 in %3", trn("%1 hit", "%1 hits", h.total), most, width_text(width)));
    print_source(source);
}

}  // namespace

void add_hits_histogram(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsHistogramOptions>();
    auto* c = add_command(hits, "histogram", tr("Show hits over time; the last day unless --since says otherwise"),
                          [o, &session] { show(session, *o); });
    o->query.add_to(*c);
    c->add_option("--width", o->width, tr("time of a bar: 10s, 5m, 1h, 1d; chosen by the time shown"))
        ->type_name("SPAN");
    c->add_option("--by", o->by, tr("also by order, region or action, the most first"))
        ->check(CLI::IsMember({"order", "region", "action"}));
    c->add_flag("--wide", o->wide, tr("on a terminal: lines as long as they are, instead of cells cut to fit"));
    auto* json = c->add_flag("--json", o->json, tr("answer in JSON"));
    auto* csv = c->add_flag("--csv", o->csv, tr("answer in CSV (RFC 4180)"))->excludes(json);
    c->add_flag("--spark", o->spark, tr("one line, a character a bar"))->excludes(json)->excludes(csv);
    c->footer(
        tr("Bars are drawn on a terminal; more than three in a row without a hit stand on one line. Widths of full "
           "hours come from the counts by hour, unless a filter\n"
           "asks for what they do not hold. Days are UTC days; exit code 1 says that nothing was found.\n"
           "%1Examples: blocklist-tool hits histogram --since 7d --order B-1/2024\n"
           "          blocklist-tool hits histogram --since 2h --width 5m --spark\n"
           "          blocklist-tool hits histogram --since 2d --by region",
           tr(times_help)));
}

}  // namespace saring::tool
