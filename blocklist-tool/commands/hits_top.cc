#include <array>
#include <memory>

#include "hits/tally.h"
#include "hits_view/bars.h"
#include "hits_view/hits_query.h"
#include "hits_view/hits_source.h"
#include "order/csv.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

struct TopKind {
    const char* word;
    hits::TallyBy by;
    const char* member;   // of JSON and CSV
    const char* unknown;  // what a row without a key is
};
constexpr TopKind kinds[] = {
    {"names", hits::TallyBy::name, "listed", marked("(not kept)")},      {"qnames", hits::TallyBy::qname, "qname", marked("(not kept)")},
    {"orders", hits::TallyBy::order, "order", marked("(not kept)")},     {"regions", hits::TallyBy::region, "region", marked("(unknown)")},
    {"actions", hits::TallyBy::action, "action", marked("(unknown)")},   {"clients", hits::TallyBy::client, "client", marked("(not kept)")},
    {"networks", hits::TallyBy::asn, "asn", marked("(unknown)")},        {"instances", hits::TallyBy::instance, "instance", marked("(unknown)")},
    {"types", hits::TallyBy::qtype, "qtype", marked("(unknown)")},       {"transports", hits::TallyBy::transport, "transport", marked("(unknown)")},
    {"triggers", hits::TallyBy::trigger, "trigger", marked("(unknown)")},
};

struct HitsTopOptions {
    HitsQuery query;
    std::string what;
    std::size_t limit = 10;
    bool json = false, csv = false;
};

std::string percent(std::uint64_t part, std::uint64_t whole) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%.1f%%", whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0);
    return out.data();
}

void print_rows(const hits::Tally& t, const TopKind& kind) {
    std::string head = kind.word;
    for (char& c : head) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    head.pop_back();
    bool bars = is_terminal();
    std::vector<std::vector<std::string>> rows;
    std::size_t widest = head.size();
    for (const auto& r : t.rows) {
        rows.push_back({std::to_string(r.count), percent(r.count, t.total), r.key.empty() ? tr(kind.unknown) : shown(r.key)});
        widest = std::max(widest, rows.back()[2].size());
    }
    if (bars) {
        auto room = terminal_width() > widest + 34 ? static_cast<unsigned>(terminal_width() - widest - 24) : 10u;
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(bar(t.rows[i].count, t.rows[0].count, room));
        return print_table({tr("HITS"), tr("SHARE"), head, ""}, rows);
    }
    print_table({tr("HITS"), tr("SHARE"), head}, rows);
}

void top(Session& session, const HitsTopOptions& o) {
    const auto& kind = *std::find_if(std::begin(kinds), std::end(kinds), [&](const TopKind& k) { return k.word == o.what; });
    auto filter = o.query.filter(hitlog::now_microseconds(), true);
    auto reader = read_hits(session);
    auto t = tally(reader, kind.by, filter, o.limit ? o.limit : std::numeric_limits<std::size_t>::max());
    auto source = source_of(reader, filter, t.from_records);
    if (t.rows.empty()) session.exit_code = exit_no;
    report_damage(session, reader);
    if (o.csv) {
        print(order::csv_record({kind.member, "hits"}), "");
        for (const auto& r : t.rows) print(order::csv_record({shown(r.key), std::to_string(r.count)}), "");
        return;
    }
    if (o.json) {
        Json j{{"by", kind.member}};
        add_source(j, source);
        j["total"] = t.total;
        j["distinct"] = t.distinct;
        j["rows"] = Json::array();
        for (const auto& r : t.rows) j["rows"].push_back({{kind.member, r.key.empty() ? Json(nullptr) : Json(r.key)}, {"hits", r.count}});
        return print_json(j);
    }
    if (t.rows.empty())
        print(tr("no hits"));
    else
        print_rows(t, kind);
    if (!t.rows.empty())
        print(trn("%1 hit", "%1 hits", t.total) + ", " + std::to_string(t.distinct) + " " + (t.distinct == 1 ? std::string(kind.word,
                std::strlen(kind.word) - 1) : kind.word));
    print_source(source);
}

}  // namespace

void add_hits_top(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsTopOptions>();
    auto* c = add_listing(hits, "top", tr("Count hits by name, order, region, client and more, the most first"), [o, &session] { top(session, *o); });
    std::vector<std::string> words;
    for (const auto& k : kinds) words.push_back(k.word);
    c->add_option("what", o->what, tr("what to count by; names are those listed, qnames those asked for"))->required()->check(CLI::IsMember(words));
    o->query.add_to(*c);
    c->add_option("--limit", o->limit, tr("at most so many rows; 0: all"))->capture_default_str()->type_name("N");
    auto* json = c->add_flag("--json", o->json, tr("answer in JSON"));
    c->add_flag("--csv", o->csv, tr("answer in CSV (RFC 4180)"))->excludes(json);
    c->footer(tr("Names, orders, regions and actions come from counts by hour, which outlive the records and hold\n"
                 "hits that could not be recorded, unless a filter or a time within an hour asks for more than\n"
                 "they know. A time given as a day or more ago goes down to the full hour. The last lines say\n"
                 "which time and source it was. Exit code 1 says that nothing was found.\n"
                 "%1Examples: blocklist-tool hits top names --since 7d\n"
                 "          blocklist-tool hits top clients --order B-1/2024 --since 2h --json", tr(times_help)));
}

}  // namespace saring::tool
