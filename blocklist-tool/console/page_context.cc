#include "console/page_context.h"

#include <algorithm>

#include "hitlog/client.h"
#include "report/svg.h"
#include "text/spoken.h"

namespace saring::tool::console {
namespace {

constexpr hitlog::Microseconds chart_bars = 72;
constexpr std::size_t ticks = 6;

// Which parameter of /hits a row of this kind is; empty: none.
const char* parameter_of(const std::string& kind) {
    static const std::map<std::string, const char*> parameters{
        {"regions", "region"}, {"actions", "action"},       {"clients", "client"},  {"instances", "instance"},
        {"types", "type"},     {"transports", "transport"}, {"triggers", "trigger"}};
    auto at = parameters.find(kind);
    return at == parameters.end() ? "" : at->second;
}

Cell row_cell(const PageContext& v, const TopKind& kind, const std::string& key, const HitsQuery& within) {
    const auto& w = v.words();
    std::string word = kind.word;
    if (word == "names" || word == "qnames")
        return key.empty() ? text_cell(w["not_kept"], Tone::quiet) : name_cell(key, v.reader);
    if (word == "orders") return key.empty() ? text_cell(w["not_kept"], Tone::quiet) : order_cell(key, v.reader);
    std::string parameter = parameter_of(word);
    if (key.empty() && word != "regions") return text_cell(w["unknown"], Tone::quiet);
    if (parameter.empty()) return text_cell(key);
    auto parameters = parameters_of(within);
    parameters[parameter] = key.empty() ? "unknown" : key;
    return {.text = key.empty() ? w["unknown"] : key, .href = v.reader.link("/hits", parameters)};
}

}  // namespace

std::shared_ptr<const HitsLook> PageContext::hits() const {
    // The fleet's outlives this visit: it keeps what it knows of the server.
    return fleet ? std::shared_ptr<const HitsLook>(fleet, [](const HitsLook*) {}) : look_at_host(log, is_over);
}

HitsQuery PageContext::query() const {
    HitsQuery out;
    for (auto [name, text] : out.fields()) *text = parameter(name);
    out.since = reader.moment(out.since, now);
    out.until = reader.moment(out.until, now);
    return out;
}

hitlog::HitFilter PageContext::filter(const HitsQuery& query, bool by_hour) const {
    return query.filter(session, now * hitlog::second_us, by_hour);
}

Parameters parameters_of(const HitsQuery& query) {
    Parameters out;
    for (auto [name, text] : HitsQuery(query).fields()) out[name] = *text;
    return out;
}

std::vector<FormField> form_of(const PageContext& v, const HitsQuery& q) {
    const auto& w = v.words();
    auto choices = [&](std::initializer_list<const char*> words) {
        std::vector<std::pair<std::string, std::string>> out{{"", w["any"]}};
        for (const char* word : words) out.emplace_back(word, word);
        return out;
    };
    std::vector<FormField> out{
        {"match", w["match"], q.match, "*pemilu*"},
        {"order", w["order"], q.order},
        {"region", w["region"], q.region, "ID-JK"},
        {"since", w["since"], v.parameter("since"), w["time_hint"]},
        {"until", w["until"], v.parameter("until"), w["time_hint"]},
        {"name", w["subtree"], q.name, {}, {}, true},
        {"client", w["client"], q.client, "192.0.2.0/24", {}, true},
        {"type", w["type"], q.type, "AAAA", {}, true},
        {"action",
         w["action"],
         q.action,
         {},
         choices({"nxdomain", "nodata", "refused", "redirect", "drop", "log"}),
         true},
        {"transport", w["transport"], q.transport, {}, choices({"udp", "tcp", "dot", "doh", "doq", "other"}), true},
        {"trigger", w["trigger"], q.trigger, {}, choices({"qname", "cname", "address"}), true},
        {"instance", w["instance"], q.instance, {}, {}, true},
    };
    FormField authority{"authority", w["authority"], q.authority, {}, {{"", w["any"]}}, true},
        category{"category", w["category"], q.category, {}, {{"", w["any"]}}, true};
    try {
        std::set<std::string> authorities, categories;
        Reading(v.session.database()).snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
            authorities.insert(r.authority);
            if (!r.category.empty()) categories.insert(r.category);
        });
        if (!q.authority.empty()) authorities.insert(q.authority);
        if (!q.category.empty()) categories.insert(q.category);
        for (const auto& text : authorities) authority.choices.emplace_back(text, text);
        for (const auto& text : categories) category.choices.emplace_back(text, text);
    } catch (const Error&) {  // hits can be looked at without the ledger
    }
    out.push_back(authority);
    out.push_back(category);
    return out;
}

std::optional<Chart> chart_of(const PageContext& v, const HitsLook& look, hitlog::HitFilter filter,
                              const std::string& id) {
    auto now = v.now * hitlog::second_us;
    bool open_begin = filter.since == hitlog::HitFilter{}.since, open_end = filter.until == hitlog::HitFilter{}.until;
    auto asked = filter;
    close_time(asked, open_begin, open_end, 1, now);
    auto width = bin_width_for((open_end ? now : filter.until) - asked.since, chart_bars);
    close_time(filter, open_begin, open_end, width, now);
    try {
        auto h = look.histogram(filter, width, hits::TallyBy::action);
        auto logged = static_cast<std::size_t>(std::find(h.keys.begin(), h.keys.end(), "log") - h.keys.begin());
        report::SvgChart chart;
        chart.id = id;
        chart.title = v.words()["over_time"];
        chart.description = v.words().say("chart_hits", {{"width", width_text(width)}, {"zone", v.reader.zone().name}});
        chart.number = [&](std::uint64_t n) { return v.reader.number(n); };
        std::uint64_t all_logged = 0;
        bool is_of_days = filter.until - filter.since > 2 * hitlog::day_us;
        auto step = std::max<std::size_t>(1, (h.bins.size() + ticks - 1) / ticks);
        for (std::size_t i = 0; i < h.bins.size(); ++i) {
            const auto& b = h.bins[i];
            auto time = v.reader.time(b.begin / hitlog::second_us);
            auto of_log = logged < b.parts.size() ? b.parts[logged] : 0;
            all_logged += of_log;
            auto tick = i % step ? std::string() : is_of_days ? time.substr(5, 5) : time.substr(11, 5);
            chart.columns.push_back({time + ": " + v.reader.number(b.count), tick, b.count - of_log, of_log, false});
        }
        auto note = chart.description + (all_logged ? ". " + v.words()["chart_logged"] : "");
        return Chart{report::svg_columns(chart), note, h.total};
    } catch (const hits::LookEnded&) { return std::nullopt; }
}

std::string source_note(const PageContext& v, const HitsSource& s) {
    if (v.fleet) return v.words().say("from_fleet", {{"from", v.reader.time(s.records_from / hitlog::second_us)}});
    auto from = s.from_records ? s.records_from : hitlog::Microseconds{s.hours_from} * hitlog::hour_us;
    std::string out = v.words().say(s.from_records ? "from_records" : "from_hours",
                                    {{"from", from ? v.reader.time(from / hitlog::second_us) : "–"}});
    if (s.dropped) out += " " + v.words().say("dropped", {{"n", v.reader.number(s.dropped)}});
    return out;
}

Table top_table(const PageContext& v, const TopCounted& c, const std::string& caption, const HitsQuery& within) {
    const auto& w = v.words();
    Table out;
    out.caption = caption;
    out.heads = {w[c.kind->member], w["hits"], w["share"]};
    out.numbers = {1, 2};
    if (c.with_orders) out.heads.insert(out.heads.begin() + 1, w["order"]), out.numbers = {2, 3};
    for (const auto& r : c.tally.rows) {
        std::vector<Cell> row{row_cell(v, *c.kind, r.key, within)};
        if (c.with_orders) row.push_back(order_cell(r.order, v.reader));
        row.push_back(number_cell(r.count, v.reader));
        Cell share{.text = spoken_share(r.count, std::max<std::uint64_t>(c.tally.total, 1), v.reader.language()),
                   .is_number = true};
        share.bar = report::svg_bar(r.count, 0, c.tally.rows.front().count);
        row.push_back(share);
        out.rows.push_back(std::move(row));
    }
    return out;
}

std::optional<Table> count_table(const PageContext& v, const HitsLook& look, const char* kind,
                                 const hitlog::HitFilter& filter, std::size_t most, const std::string& caption,
                                 const HitsQuery& within, const std::string& lately) {
    constexpr auto holds = std::chrono::seconds(10);
    constexpr std::size_t max_kept = 64;
    try {
        auto now = std::chrono::steady_clock::now();
        auto& tables = v.lately->tables;
        std::erase_if(tables, [&](const auto& kept) { return now - kept.second.first > holds; });
        std::string key = lately.empty() ? "" : lately + " " + kind;
        auto kept = tables.find(key);
        auto counted = kept != tables.end() ? kept->second.second : look.top(*find_top_kind(kind), filter, most, false);
        if (!key.empty() && kept == tables.end() && tables.size() < max_kept)
            tables.emplace(key, std::pair(now, counted));
        if (counted.tally.rows.empty()) return std::nullopt;
        return top_table(v, counted, caption, within);
    } catch (const hits::LookEnded&) { return Table{caption, {}, {}, {}, {}}; }
}

void add_table(const PageContext& v, Section& section, std::optional<Table> table) {
    if (!table) return;
    if (table->rows.empty())
        section.paragraphs.push_back(text_cell(table->caption + ": " + v.words()["counting"], Tone::quiet));
    else section.tables.push_back(std::move(*table));
}

Section hits_of_week(const PageContext& v, HitsQuery q, const std::string& chart_id,
                     const std::vector<CountedKind>& kinds) {
    constexpr std::size_t rows = 10;
    const auto& w = v.words();
    q.since = "7d";
    Section out{.id = "hits", .title = w["hits"] + " (7d)"};
    try {
        auto look = v.hits();
        auto filter = v.filter(q, true);
        auto chart = chart_of(v, *look, filter, chart_id);
        if (!chart) out.paragraphs.push_back(text_cell(w["chart_none"], Tone::quiet));
        else if (chart->total) out.chart = chart->svg, out.chart_note = chart->note;
        else out.paragraphs.push_back(text_cell(w["no_hits"]));
        std::vector<const TopKind*> wanted;
        for (auto [kind, ignored] : kinds) wanted.push_back(find_top_kind(kind));
        auto caption = kinds.begin();
        for (const auto& counted : look->tops(wanted, filter, rows)) {
            if (!counted.tally.rows.empty()) out.tables.push_back(top_table(v, counted, w[caption->caption], q));
            ++caption;
        }
    } catch (const hits::LookEnded&) {
        out.paragraphs.push_back(text_cell(w["tables_none"], Tone::quiet));
    } catch (const hits::NoHitLog& none) {
        out.paragraphs.push_back(text_cell(translated(none.message()), Tone::quiet));
    }
    out.links.push_back({.text = w["show_hits"], .href = v.reader.link("/hits", parameters_of(q))});
    return out;
}

Table hits_table(const PageContext& v, const std::vector<hitlog::Hit>& hits, const std::string& caption) {
    const auto& w = v.words();
    Table out;
    out.caption = caption;
    out.heads = {w["time"], w["action"], w["client"], w["region"], w["qname"], w["type"], w["listed"], w["order"]};
    auto hits_with = [&](const char* parameter, const std::string& value, const std::string& text) {
        return text.empty() ? text_cell(std::string("–"), Tone::quiet)
                            : Cell{.text = text, .href = v.reader.link("/hits", {{parameter, value}})};
    };
    for (const auto& h : hits) {
        auto time = hitlog::format_microseconds(h.time);
        auto client = hitlog::client_text(h.client), qname = h.qname.to_string(), type = hits::qtype_text(h.qtype);
        bool is_itself = h.trigger == policy::Trigger::qname && h.listed == h.qname;
        Cell listed = name_cell(h.matched(), v.reader);
        if (is_itself) listed.text = "=";
        out.rows.push_back({Cell{.text = v.reader.time_of(time), .time = time},
                            hits_with("action", to_string(h.action), to_string(h.action)),
                            hits_with("client", client, client), hits_with("region", h.region, h.region),
                            name_cell(qname, v.reader), hits_with("type", type, type), listed,
                            order_cell(h.order, v.reader)});
    }
    return out;
}

}  // namespace saring::tool::console
