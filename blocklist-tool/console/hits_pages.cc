// Hits: searched, counted, and as they come.
#include <algorithm>
#include <charconv>

#include "console/page_context.h"

namespace saring::tool::console {
namespace {

constexpr std::size_t usual_rows = 100, max_rows = 500;

std::size_t rows_of(const PageContext& v) {
    auto text = v.parameter("limit");
    std::size_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n == 0 ? usual_rows : std::min(n, max_rows);
}

bool oldest_come_first(const PageContext& v) { return v.parameter("sort") == "oldest"; }

// "1707900000000000.2": of hits at this time two were shown.
struct Cursor {
    hitlog::Microseconds time = 0;
    std::size_t shown = 0;
};

std::optional<Cursor> cursor_of(const std::string& text) {
    Cursor out;
    auto dot = text.find('.');
    if (dot == std::string::npos) return std::nullopt;
    auto [time_end, time_failed] = std::from_chars(text.data(), text.data() + dot, out.time);
    auto [shown_end, shown_failed] = std::from_chars(text.data() + dot + 1, text.data() + text.size(), out.shown);
    if (time_failed != std::errc() || shown_failed != std::errc() || time_end != text.data() + dot ||
        shown_end != text.data() + text.size())
        return std::nullopt;
    return out;
}

Parameters page_parameters(const PageContext& v, const HitsQuery& q) {
    auto out = parameters_of(q);
    // As it was typed: a link to "the last two hours" stays one.
    out["since"] = v.parameter("since");
    out["until"] = v.parameter("until");
    out["sort"] = oldest_come_first(v) ? "oldest" : "";
    out["limit"] = rows_of(v) == usual_rows ? "" : std::to_string(rows_of(v));
    return out;
}

std::vector<Cell> range_links(const PageContext& v, const std::string& path, Parameters parameters) {
    std::vector<Cell> out;
    for (const char* range : {"1h", "1d", "7d", "4w"}) {
        parameters["since"] = range;
        parameters["until"] = "";
        out.push_back({.text = range, .href = v.reader.link(path, parameters)});
    }
    return out;
}

void add_form(const PageContext& v, const HitsQuery& q, Page& page, const std::string& path) {
    page.form = form_of(v, q);
    page.form_path = path;
    page.form.push_back({"sort",
                         v.words()["sort"],
                         oldest_come_first(v) ? "oldest" : "",
                         {},
                         {{"", v.words()["newest"]}, {"oldest", v.words()["oldest"]}},
                         true});
    auto rows = rows_of(v) == usual_rows ? "" : std::to_string(rows_of(v));
    page.form.push_back({"limit",
                         v.words()["limit"],
                         rows,
                         {},
                         {{"", std::to_string(usual_rows)}, {"50", "50"}, {"200", "200"}, {"500", "500"}},
                         true});
}

// Why there is nothing, as `hits list` says it.
void add_reasons(const PageContext& v, const HitsQuery& q, const HitsLook& look, Section& section) {
    section.paragraphs.push_back(text_cell(v.words()["no_hits"]));
    if (!look.reader()) return;
    for (const auto& why : why_none(v.session, q, *look.reader()))
        section.paragraphs.push_back(text_cell(translated(why), Tone::warning));
}

Page page_for(const PageContext& v, const std::string& path, const std::string& title) {
    Page page;
    page.title = title;
    page.path = path;
    page.query = v.request.query;
    return page;
}

}  // namespace

HitsFound find_hits(const PageContext& v, const HitsQuery& q, std::size_t limit) {
    HitsFound out;
    auto filter = v.filter(q);
    bool oldest_first = oldest_come_first(v);
    std::size_t to_skip = 0;
    if (auto cursor = cursor_of(v.parameter("from"))) {
        if (oldest_first) filter.since = std::max(filter.since, cursor->time);
        else filter.until = std::min(filter.until, cursor->time + 1);
        to_skip = cursor->shown;
    }
    auto look = v.hits();
    std::size_t skipped = 0;
    try {
        look->each(filter, oldest_first ? HitsLook::Direction::oldest_first : HitsLook::Direction::newest_first,
                   to_skip + limit + 1, [&](const hitlog::Hit& h) {
                       if (skipped < to_skip && cursor_of(v.parameter("from"))->time == h.time) return ++skipped, true;
                       out.more = out.hits.size() == limit;
                       if (!out.more) out.hits.push_back(h);
                       return !out.more;
                   });
    } catch (const hits::LookEnded&) { out.ended_early = true; }
    if (out.more) {
        auto last = out.hits.back().time;
        auto shown = static_cast<std::size_t>(
            std::count_if(out.hits.begin(), out.hits.end(), [&](const auto& h) { return h.time == last; }));
        if (auto cursor = cursor_of(v.parameter("from")); cursor && cursor->time == last) shown += cursor->shown;
        out.next = std::to_string(last) + "." + std::to_string(shown);
    }
    return out;
}

Page hits_page(const PageContext& v) {
    const auto& w = v.words();
    auto page = page_for(v, "/hits", w["menu_hits"]);
    auto q = v.query();
    add_form(v, q, page, "/hits");
    auto parameters = page_parameters(v, q);
    auto filter = v.filter(q, true);
    auto found = find_hits(v, q, rows_of(v));
    page.shows_subscribers = true;
    page.hits_shown = found.hits.size();

    Section rows{.id = "rows", .title = w["hits"]};
    if (found.ended_early)
        rows.paragraphs.push_back(
            text_cell(w.say("partial", {{"n", std::to_string(v.config().console.look_seconds)}}), Tone::warning));
    auto look = v.hits();
    if (found.hits.empty()) add_reasons(v, q, *look, rows);
    else rows.tables.push_back(hits_table(v, found.hits, w["hits"]));
    if (!v.parameter("from").empty())
        rows.links.push_back({.text = w["first_page"], .href = v.reader.link("/hits", parameters)});
    if (!found.next.empty()) {
        auto next = parameters;
        next["from"] = found.next;
        rows.links.push_back(
            {.text = oldest_come_first(v) ? w["newer"] : w["older"], .href = v.reader.link("/hits", next)});
    }
    auto exported = parameters;
    exported["limit"] = "";
    rows.links.push_back({.text = w["export_csv"], .href = v.reader.link("/hits.csv", exported)});
    rows.links.push_back({.text = w["export_json"], .href = v.reader.link("/hits.json", exported)});
    if (v.fleet) rows.paragraphs.push_back(text_cell(w["fleet_note"], Tone::quiet));
    else rows.links.push_back({.text = w["watch_live"], .href = v.reader.link("/live", parameters_of(q))});

    Section time{.id = "time", .title = w["over_time"], .links = range_links(v, "/hits", parameters)};
    if (!found.ended_early) {
        if (auto chart = chart_of(v, *look, filter, "hits")) time.chart = chart->svg, time.chart_note = chart->note;
        else time.paragraphs.push_back(text_cell(w["chart_none"], Tone::quiet));
    }
    Section counts{.id = "counts", .title = w["count_by"]};
    for (const auto& kind : top_kinds()) {
        auto by = parameters;
        by["what"] = kind.word;
        by["limit"] = by["sort"] = "";
        counts.links.push_back({.text = w[kind.member], .href = v.reader.link("/top", by)});
    }
    page.sections = {rows, time, counts};
    return page;
}

Page top_page(const PageContext& v) {
    const auto& w = v.words();
    auto page = page_for(v, "/top", w["count_by"]);
    auto q = v.query();
    std::string word = v.parameter("what").empty() ? "names" : v.parameter("what");
    const auto* kind = find_top_kind(word);
    if (!kind)
        throw Error(ErrorKind::usage, "what", msg("\"%1\" is none of them", word),
                    msg("write one of: %1", "names, orders, regions, actions, clients, types, transports"));
    add_form(v, q, page, "/top");
    FormField what{"what", w["count_by"], word};
    for (const auto& k : top_kinds()) what.choices.emplace_back(k.word, w[k.member]);
    page.form.insert(page.form.begin(), what);
    page.title = w["count_by"] + ": " + w[kind->member];
    page.shows_subscribers = word == "clients" || !q.client.empty();
    Section rows{.id = "rows", .title = w["hits"]};
    auto look = v.hits();
    auto counted = look->top(*kind, v.filter(q, true), rows_of(v), v.parameter("with") == "order");
    page.hits_shown = counted.tally.total;
    if (counted.tally.rows.empty()) {
        add_reasons(v, q, *look, rows);
    } else {
        rows.paragraphs.push_back(text_cell(w.say("total", {{"n", v.reader.number(counted.tally.total)},
                                                            {"distinct", v.reader.number(counted.tally.distinct)}})));
        rows.tables.push_back(top_table(v, counted, w[kind->member], q));
    }
    rows.paragraphs.push_back(text_cell(source_note(v, counted.source), Tone::quiet));
    auto parameters = page_parameters(v, q);
    parameters["what"] = word;
    rows.links = range_links(v, "/top", parameters);
    rows.links.push_back({.text = w["export_json"], .href = v.reader.link("/top.json", parameters)});
    page.sections = {rows};
    return page;
}

Json top_for(const PageContext& v) {
    std::string word = v.parameter("what").empty() ? "names" : v.parameter("what");
    const auto* kind = find_top_kind(word);
    if (!kind)
        throw Error(ErrorKind::usage, "what", msg("\"%1\" is none of them", word),
                    msg("write one of: %1", "names, orders, regions, actions, clients, types, transports"));
    auto j = top_json(v.hits()->top(*kind, v.filter(v.query(), true), v.parameter("limit").empty() ? 10 : rows_of(v),
                                    v.parameter("with") == "order"));
    if (v.fleet) j["dropped"] = nullptr;  // not known
    return j;
}

Json histogram_for(const PageContext& v) {
    auto q = v.query();
    auto filter = v.filter(q, true);
    auto now = v.now * hitlog::second_us;
    auto asked = filter;
    close_time(asked, q.since.empty(), q.until.empty(), 1, now);
    auto width = bin_width_for((q.until.empty() ? now : filter.until) - asked.since, 72);
    close_time(filter, q.since.empty(), q.until.empty(), width, now);
    auto look = v.hits();
    auto by = v.parameter("by");
    auto h = look->histogram(filter, width, histogram_by(by));
    auto j = histogram_json(h, histogram_by(by) ? by : "", look->source(filter, h.from_records));
    if (v.fleet) j["dropped"] = nullptr;  // not known
    return j;
}

Page live_page(const PageContext& v) {
    const auto& w = v.words();
    auto page = page_for(v, "/live", w["menu_live"]);
    auto q = v.query().without_times();
    page.form = form_of(v, q);
    std::erase_if(page.form, [](const FormField& f) { return f.name == "since" || f.name == "until"; });
    page.form_path = "/live";
    if (v.fleet) {
        page.form.clear();
        page.sections = {{.id = "rows", .title = w["menu_live"], .paragraphs = {text_cell(w["fleet_live"])}}};
        return page;
    }
    page.live = url_of("/events", parameters_of(q));
    auto found = find_hits(v, q, 50);
    page.shows_subscribers = true;
    page.hits_shown = found.hits.size();
    Section now{.id = "now", .title = w["now"]};
    now.tiles.push_back({w["per_second"], {Cell{.text = "–", .live = "per_second"}}});
    Section rows{.id = "rows", .title = w["hits"]};
    rows.tables.push_back(hits_table(v, found.hits, w["hits"]));
    rows.tables.back().live = "hits";
    rows.links.push_back({.text = w["menu_hits"], .href = v.reader.link("/hits", parameters_of(q))});
    page.sections = {now, rows};
    return page;
}

}  // namespace saring::tool::console
