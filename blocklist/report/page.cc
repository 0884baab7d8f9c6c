#include "report/page.h"

#include <algorithm>

#include "base/sha256.h"
#include "report/page_data.h"
#include "report/svg.h"
#include "text/html.h"
#include "text/spoken.h"

namespace saring::report {
namespace {

using namespace page_parts;

std::string exact(std::uint64_t n, const Words& w) { return w.number(n); }

data card(const std::string& label, const Figure& figure, const ReportFigures& f, const Words& w,
          const std::string& more = "") {
    data d;
    d.set("label", label);
    d.set("figure", figure_text(figure, f.threshold, w));
    d.set("hidden", data(!figure.is_exact()));
    d.set("lead", data(false));
    d.set("more", text_or_absent(more));
    return d;
}

void set_glance(data& page, const ReportFigures& f, const Words& w) {
    auto late = static_cast<std::uint64_t>(
        std::count_if(f.orders.begin(), f.orders.end(), [](const auto& o) { return o.late(); }));
    std::vector<data> cards{
        card(w["refused_long"], f.total.refused, f, w, against_before(f.total.refused, f.total_before.refused, f, w))};
    if (f.total.logged.count || !f.total.logged.is_exact())
        cards.push_back(card(w["logged"], f.total.logged, f, w, w["logged_more"]));
    cards.push_back(card(w["distinct"], f.names_hit, f, w, against_before(f.names_hit, f.names_before, f, w)));
    cards.push_back(card(w["orders_in_force"], {f.orders_in_force, Figure::Shown::exact}, f, w,
                         f.lists_in_force ? w.say("lists_more", {{"n", exact(f.lists_in_force, w)}}) : ""));
    cards.push_back(card(w["late_orders"], {late, Figure::Shown::exact}, f, w,
                         w.say("late_more", {{"n", exact(f.orders_with_deadline, w)}})));
    if (f.dropped.count) cards.push_back(card(w["not_recorded"], f.dropped, f, w, w["not_recorded_more"]));
    page.set("glance", list_or_absent(cards));
    page.set("cards", std::to_string(cards.size()));  // the style fits rows to their number
}

data names_data(const ReportFigures& f, const Words& w) {
    std::vector<ReportName> names = f.names;
    for (const auto& o : f.orders) names.insert(names.end(), o.names.begin(), o.names.end());
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return a.hits.count > b.hits.count; });
    std::vector<data> rows;
    for (const auto& n : names) {
        data row;
        row.set("name", n.name.empty() ? w["name_not_kept"] : n.name);
        row.set("order", n.order.empty() ? w["not_kept"] : n.order);
        row.set("count", w.number(n.hits.count));
        row.set("bar", svg_bar(n.hits.count, 0, names.front().hits.count));
        rows.push_back(row);
    }
    if (rows.empty()) return absent();
    data d;
    d.set("rows", list_or_absent(rows));
    d.set("left_out", f.names_left_out ? data(w.say("names_left_out", {{"n", exact(f.names_left_out, w)}})) : absent());
    return d;
}

// Rows of one kind; `prefix` of words that name the keys, where there are such.
data kind_data(const std::vector<hits::TallyRow>& tally, const std::string& kind, bool in_words, const Words& w) {
    std::uint64_t total = 0;
    for (const auto& row : tally) total += row.count;
    std::vector<data> rows;
    for (const auto& row : tally) {
        data d;
        auto at = w.all().find(kind + "_" + row.key);
        d.set("label", in_words && at != w.all().end() ? at->second : row.key);
        d.set("count", w.number(row.count));
        d.set("share", spoken_share(row.count, total, w.language()));
        rows.push_back(d);
    }
    data d;
    d.set("caption", w["by_" + kind]);
    d.set("head", w[kind]);
    d.set("rows", list_or_absent(rows));
    return d;
}

void set_records(data& page, const ReportFigures& f, const Words& w) {
    auto from = f.hits_database.oldest
                    ? w.say("records_from", {{"time", w.moment(f.hits_database.oldest / hitlog::second_us)}})
                    : std::string();
    page.set("records_text",
             f.records ? w.say("records_text", {{"n", exact(f.records, w)}, {"from", from}}) : w["records_none"]);
    std::vector<data> kinds;
    if (!f.actions.empty()) kinds.push_back(kind_data(f.actions, "action", true, w));
    if (!f.qtypes.empty()) kinds.push_back(kind_data(f.qtypes, "qtype", false, w));
    if (!f.transports.empty()) kinds.push_back(kind_data(f.transports, "transport", false, w));
    if (!f.triggers.empty()) kinds.push_back(kind_data(f.triggers, "trigger", true, w));
    page.set("kinds", list_or_absent(kinds));
    page.set("clients", absent());
    if (!f.shows_clients || f.clients.empty()) return;
    std::vector<data> rows;
    for (const auto& c : f.clients) {
        data d;
        d.set("label", c.key.empty() ? w["client_not_kept"] : c.key);
        d.set("count", w.number(c.count));
        rows.push_back(d);
    }
    data d;
    d.set("rows", list_or_absent(rows));
    d.set("left_out",
          f.clients_left_out ? data(w.say("clients_left_out", {{"n", exact(f.clients_left_out, w)}})) : absent());
    page.set("clients", d);
}

void set_held(data& page, const ReportFigures& f, const Words& w) {
    page.set("held_text", f.held_count == 0   ? w["held_none"]
                          : f.held_count == 1 ? w["held_some_one"]
                                              : w.say("held_some", {{"n", exact(f.held_count, w)}}));
    std::vector<data> rows;
    for (const auto& h : f.held) {
        data d;
        d.set("target", h.target == "*" ? w["whole_order"] : h.target);
        d.set("order", h.order);
        d.set("why", h.why);
        d.set("rule", h.rule);
        set_time(d, "since", h.since, w);
        rows.push_back(d);
    }
    page.set("some_held", data(!rows.empty()));
    page.set("held", list_or_absent(rows));
    auto more = f.held_count - f.held.size();
    page.set("held_left_out", !rows.empty() && more ? data(w.say("held_left_out", {{"n", exact(more, w)}})) : absent());
}

void set_quality(data& page, const ReportFigures& f, const Words& w) {
    auto decimal = [&](const std::optional<double>& n, double factor) {
        if (!n) return std::string("–");
        auto tenths = static_cast<std::uint64_t>(*n * factor * 10 + 0.5);
        return w.number(tenths / 10) + (w.language() == "id" ? "," : ".") + std::to_string(tenths % 10);
    };
    std::map<std::string, std::vector<data>> resolvers;
    for (const auto& q : f.quality) {
        data d;
        d.set("label", f.bin_seconds < 86400 ? w.day(q.begin) + " " + w.clock(q.begin) : w.date(q.begin));
        d.set("begin_rfc3339", format_rfc3339(q.begin));
        d.set("queries", decimal(q.queries, 1));
        d.set("answers", decimal(q.answers, 1));
        d.set("cache", decimal(q.cache_share, 100));
        d.set("median", decimal(q.median, 1000));
        d.set("p95", decimal(q.p95, 1000));
        d.set("p99", decimal(q.p99, 1000));
        d.set("servfail", decimal(q.servfail_share, 100));
        d.set("unanswered", w.number(q.unanswered));
        std::vector<data> orders;
        for (const auto& [id, begins] : q.orders)
            orders.push_back(data(w.say(begins ? "quality_begins" : "quality_ends", {{"order", id}})));
        d.set("events", list_or_absent(orders));
        resolvers[q.resolver].push_back(d);
    }
    std::vector<data> tables;
    for (auto& [name, rows] : resolvers) {
        data d;
        d.set("name", name);
        d.set("rows", list_or_absent(std::move(rows)));
        tables.push_back(d);
    }
    page.set("watched", data(f.watches_quality));
    page.set("some_quality", data(!tables.empty()));
    page.set("quality", list_or_absent(tables));
}

void set_complete(data& page, const ReportFigures& f, const Words& w) {
    auto n = f.dropped.count;
    page.set("dropped_some", data(n > 0));
    page.set("dropped_text", !f.dropped.is_exact() ? w.say("dropped_few", {{"n", exact(f.threshold, w)}})
                             : n == 0              ? w["dropped_none"]
                                      : w.say(f.is_public ? "dropped_public" : "dropped_some", {{"n", exact(n, w)}}));
    const auto& s = f.hits_database;
    std::vector<data> rows;
    for (const auto& i : s.instances) {
        data d;
        d.set("instance", i.instance);
        d.set("recorded", w.number(i.recorded));
        d.set("dropped", w.number(i.dropped));
        d.set("uncounted", w.number(i.uncounted));
        set_time(d, "last", i.last ? i.last / hitlog::second_us : policy::never, w);
        rows.push_back(d);
    }
    page.set("some_resolvers", data(!rows.empty()));
    page.set("resolvers", list_or_absent(rows));
    page.set("hits_path", f.hits_path);
    page.set("hits_id", s.id);
    auto at = [&](hitlog::Microseconds t) { return w.moment(t / hitlog::second_us); };
    page.set(
        "records_kept",
        w.say("records_kept_text",
              {{"kept", exact(s.kept, w)},
               {"expired", exact(s.expired, w)},
               {"purged", exact(s.purged, w)},
               {"from", s.kept ? w.say("records_kept_from", {{"from", at(s.oldest)}, {"to", at(s.newest)}}) : ""}}));
    constexpr UnixTime an_hour = 3600;
    page.set("hours_kept", s.first_hour
                               ? w.say("hours_kept_text", {{"from", w.moment(UnixTime{s.first_hour} * an_hour)},
                                                           {"to", w.moment((UnixTime{s.last_hour} + 1) * an_hour)}})
                               : w["hours_kept_none"]);
    page.set("blocklist_path", f.blocklist_path);
    page.set("anchor",
             f.journal_hash.empty()
                 ? absent()
                 : data(w.say("anchor_text", {{"serial", std::to_string(f.serial)}, {"hash", f.journal_hash}})));
}

data method_data(const ReportFigures& f, const Words& w) {
    std::vector<data> out{data(w["method_hit"]), data(w[f.from_records ? "method_records" : "method_cache"]),
                          data(w["method_orders"])};
    if (f.is_public) {
        out.emplace_back(w.say("method_threshold", {{"n", exact(f.threshold, w)}}));
        out.emplace_back(w["method_private"]);
    } else {
        out.emplace_back(f.shows_clients ? w["method_clients"] : w["method_private"]);
    }
    return list_or_absent(out);
}

}  // namespace

std::string figure_text(const Figure& figure, std::uint64_t threshold, const Words& w) {
    switch (figure.shown) {
        case Figure::Shown::few: return w.say("few", {{"n", w.number(threshold)}});
        case Figure::Shown::withheld: return w["withheld"];
        case Figure::Shown::exact: break;
    }
    return w.number(figure.count);
}

Bytes report_page(const ReportFigures& f, const Words& w, std::size_t most) {
    const std::string style(shipped_report_file("style.css"));
    data words;
    for (const auto& [key, text] : w.all()) words.set(key, text);
    data page;
    page.set("w", words);
    page.set("language", w.language());
    page.set("csp", "default-src 'none'; img-src data:; style-src 'sha256-" + sha256_base64(style) +
                        "'; base-uri 'none'; form-action 'none'");
    page.set("style", style);
    page.set("version", std::string(SARING_VERSION));
    page.set("title", w[f.is_public ? "title_public" : "title"]);
    page.set("period_short", w.date(f.since) + " – " + w.date(f.until));
    page.set("isp", text_or_absent(f.isp));
    set_time(page, "since", f.since, w);
    set_time(page, "until", f.until, w);
    set_time(page, "made", f.made, w);
    page.set("zone_note", w.say("zone_note", {{"zone", w.zone_name()}}));
    std::string filter;
    for (const auto& [label, value] : f.filter) filter += (filter.empty() ? "" : ", ") + label + " " + value;
    page.set("filter", filter.empty() ? absent() : data(w.say("filter", {{"filter", filter}})));
    page.set("internal", data(!f.is_public));
    page.set("logged_column", data(!f.is_public && f.total.logged.count > 0));
    page.set("empty", data(f.total.refused.is_exact() && f.total.all() == 0));
    page.set("names", names_data(f, w));
    page.set("names_intro", w[f.is_public ? "names_intro_public" : "names_intro"]);
    set_glance(page, f, w);
    set_time_bins(page, f, w);
    set_orders(page, f, w, most);
    set_regions(page, f, w);
    set_records(page, f, w);
    set_held(page, f, w);
    set_quality(page, f, w);
    set_changes(page, f, w);
    set_complete(page, f, w);
    page.set("method", method_data(f, w));

    kainjow::mustache::mustache m{std::string(shipped_report_file("page.html"))};
    m.set_custom_escape([](const std::string& text) { return html_escape(text); });
    return m.render(page);
}

}  // namespace saring::report
