// The first page: whether all is in order, what is blocked now, what waits for a person, what ends soon.
#include <algorithm>

#include "console/page_context.h"
#include "state/module_state.h"
#include "state/status_state.h"

namespace saring::tool::console {
namespace {

constexpr std::size_t top_rows = 8, ending_rows = 5;
constexpr UnixTime soon_seconds = 30 * day_seconds;

std::string text_in(const Json& j, const char* name) {
    return j.contains(name) && j[name].is_string() ? j[name].get<std::string>() : "";
}

// Of the last ten seconds, as the live view counts them.
double per_second_now(const HitsLook& look) {
    constexpr hitlog::Microseconds window = 10 * hitlog::second_us;
    auto n = look.count(hitlog::now_microseconds() - window, hitlog::HitFilter{}.until);
    return static_cast<double>(n) / (window / hitlog::second_us);
}

std::string one_decimal(double n, const Reader& reader) {
    auto tenths = static_cast<std::uint64_t>(n * 10 + 0.5);
    return reader.number(tenths / 10) + (reader.language() == "id" ? "," : ".") + std::to_string(tenths % 10);
}

void add_hits(const PageContext& v, Page& page) {
    const auto& w = v.words();
    HitsQuery q;
    q.since = v.parameter("since").empty() ? "1d" : v.reader.moment(v.parameter("since"), v.now);
    auto filter = v.filter(q, true);
    auto look = v.hits();
    Section now{.id = "now", .title = w["now"]};
    if (v.fleet) now.paragraphs.push_back(text_cell(w["fleet_note"], Tone::quiet));
    else
        now.tiles.push_back({w["per_second"],
                             {Cell{.text = one_decimal(per_second_now(*look), v.reader),
                                   .href = v.reader.link("/live"),
                                   .live = "per_second"}}});
    auto hour = v.now * hitlog::second_us - hitlog::hour_us;
    now.tiles.push_back({w["last_hour"],
                         {Cell{.text = v.reader.number(look->count(hour, hitlog::HitFilter{}.until)),
                               .href = v.reader.link("/hits", {{"since", "1h"}})}}});
    page.sections.push_back(now);

    Section time{.id = "time",
                 .title = w["over_time"] + " (" + (v.parameter("since").empty() ? "1d" : v.parameter("since")) + ")"};
    auto chart = chart_of(v, *look, filter, "overview");
    if (chart) time.chart = chart->svg, time.chart_note = chart->note;
    else time.paragraphs.push_back(text_cell(w["counting"], Tone::quiet));
    for (const char* range : {"1h", "1d", "7d", "4w"})
        time.links.push_back({.text = range, .href = v.reader.link("/", {{"since", range}})});
    page.sections.push_back(time);

    Section tables{.id = "counts", .title = w["hits"]};
    for (auto [kind, key] :
         {std::pair{"orders", "by_order"}, {"names", "by_name"}, {"regions", "by_region"}, {"actions", "by_action"}})
        if (auto table = count_table(v, *look, kind, filter, top_rows, w[key], q, "overview " + q.since)) {
            page.is_unfinished |= table->rows.empty();
            add_table(v, tables, table);
            tables.links.push_back(
                {.text = w[key], .href = v.reader.link("/top", {{"what", kind}, {"since", q.since}})});
        }
    page.is_unfinished |= !chart;
    if (tables.links.empty()) tables.paragraphs.push_back(text_cell(w["no_hits"]));
    page.sections.push_back(tables);
}

Section resolvers_of(const PageContext& v, const Json& status) {
    const auto& w = v.words();
    Section out{.id = "resolvers", .title = w["resolvers"]};
    auto state = text_in(status["module"], "state");
    out.paragraphs.push_back(
        text_cell(state + (text_in(status["module"], "why").empty() ? "" : ": " + text_in(status["module"], "why")),
                  state == "ok" ? Tone::good : Tone::bad));
    Table t;
    t.caption = w["resolvers"];
    t.heads = {w["process"], w["state"], w["serial"], w["age"], w["queries"]};
    t.numbers = {2, 3, 4};
    auto number = [&](const Json& p, const char* name) {
        return p.contains(name) && p[name].is_number_unsigned() ? number_cell(p[name].get<std::uint64_t>(), v.reader)
                                                                : text_cell(std::string("–"), Tone::quiet);
    };
    for (const auto& p : status["module"]["processes"]) {
        auto one = text_in(p, "state");
        t.rows.push_back({number(p, "pid"), text_cell(one, one == "ok" ? Tone::good : Tone::bad), number(p, "serial"),
                          number(p, "age"), number(p, "queries")});
    }
    if (!t.rows.empty()) out.tables.push_back(t);
    auto image = status["image"];
    out.facts.push_back({w["image"],
                         {image["serial"].is_null() ? text_cell(text_in(image, "error"), Tone::bad)
                                                    : text_cell(w["serial"] + " " + image["serial"].dump())}});
    return out;
}

Section ending_of(const PageContext& v, const ledger::Snapshot& s) {
    const auto& w = v.words();
    std::vector<policy::OrderRecord> ending;
    s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        if (r.in_force(v.now) && r.expires < v.now + soon_seconds) ending.push_back(r);
    });
    std::sort(ending.begin(), ending.end(), [](const auto& a, const auto& b) { return a.expires < b.expires; });
    Section out{.id = "ending", .title = w["ending"]};
    Table t;
    t.caption = w["ending"];
    t.heads = {w["order"], w["authority"], w["expires"]};
    for (std::size_t i = 0; i < std::min(ending.size(), ending_rows); ++i)
        t.rows.push_back({order_cell(ending[i].id, v.reader), text_cell(ending[i].authority),
                          time_cell(format_rfc3339(ending[i].expires), v.reader)});
    if (t.rows.empty()) out.paragraphs.push_back(text_cell(w["none"]));
    else out.tables.push_back(t);
    return out;
}

}  // namespace

Json status_for(const PageContext& v, Say say) {
    Reading reading(v.session.database());
    auto status = status_state(v.session, module_state(v.config(), v.now), reading.snapshot, v.now);
    status.json["concerns"] = concerns_json(status.found, say);
    return status.json;
}

Page overview_page(const PageContext& v) {
    const auto& w = v.words();
    Page page;
    page.title = w["menu_overview"];
    page.path = "/";
    page.query = v.request.query;
    if (!v.fleet) page.live = "/events?figures=1";
    Json status = status_for(v, translated);
    bool in_order = status["in_order"].get<bool>();
    page.heading_note = in_order ? w["in_order"] : w["attention"];
    page.tone = in_order ? Tone::good : Tone::bad;
    if (!in_order) {
        Section concerns{.id = "concerns", .title = w["concerns"]};
        for (const auto& c : status["concerns"])
            concerns.paragraphs.push_back(text_cell(c["what"].get<std::string>(), Tone::warning));
        concerns.links.push_back({.text = w["menu_health"], .href = v.reader.link("/health")});
        page.sections.push_back(concerns);
    }
    try {
        add_hits(v, page);
    } catch (const hits::NoHitLog& none) {
        page.sections.push_back(
            {.id = "now", .title = w["now"], .paragraphs = {text_cell(translated(none.message()), Tone::quiet)}});
    } catch (const Error& e) {  // the fleet's server: the rest of the page is of this host
        if (!v.fleet || e.kind() == ErrorKind::usage) throw;
        page.sections.push_back(
            {.id = "now", .title = w["now"], .paragraphs = {text_cell(translated(e.message()), Tone::bad)}});
    }
    Section ledger{.id = "ledger", .title = w["orders"]};
    ledger.tiles.push_back({w["orders_active"],
                            {Cell{.text = v.reader.number(status["orders"]["active"].get<std::uint64_t>()),
                                  .href = v.reader.link("/orders")}}});
    ledger.tiles.push_back({w["names_listed"], {Cell{.text = v.reader.number(status["names"].get<std::uint64_t>())}}});
    auto held = status["quarantined"].get<std::uint64_t>();
    ledger.tiles.push_back({w["waiting"],
                            {Cell{.text = v.reader.number(held),
                                  .href = v.reader.link("/quarantine"),
                                  .tone = held ? Tone::warning : Tone::plain}}});
    ledger.tiles.push_back({w["serial"], {Cell{.text = status["serial"].dump(), .href = v.reader.link("/journal")}}});
    page.sections.push_back(ledger);
    page.sections.push_back(resolvers_of(v, status));
    Reading reading(v.session.database());
    page.sections.push_back(ending_of(v, reading.snapshot));
    return page;
}

}  // namespace saring::tool::console
