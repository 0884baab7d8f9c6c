#include <array>
#include <memory>

#include "hits_view/bars.h"
#include "hits_view/hits_counts.h"
#include "hits_view/hits_query.h"
#include "order/csv.h"
#include "program/until_stopped.h"
#include "terminal/pager.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

constexpr int count_every_ms = 2000;

struct HitsTopOptions {
    HitsQuery query;
    std::string what, with;
    std::size_t limit = 10;
    bool follow = false, wide = false, json = false, csv = false;
};

std::string percent(std::uint64_t part, std::uint64_t whole) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%.1f%%",
                  whole ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0.0);
    return out.data();
}

std::string singular(const TopKind& kind) { return std::string(kind.word, std::strlen(kind.word) - 1); }

// "4 orders", in the language of the user.
std::string counted(const TopKind& kind, std::uint64_t n) {
    switch (kind.by) {
        case hits::TallyBy::name: return trn("%1 name", "%1 names", n);
        case hits::TallyBy::qname: return trn("%1 qname", "%1 qnames", n);
        case hits::TallyBy::order: return trn("%1 order", "%1 orders", n);
        case hits::TallyBy::region: return trn("%1 region", "%1 regions", n);
        case hits::TallyBy::action: return trn("%1 action", "%1 actions", n);
        case hits::TallyBy::client: return trn("%1 client", "%1 clients", n);
        case hits::TallyBy::asn: return trn("%1 network", "%1 networks", n);
        case hits::TallyBy::instance: return trn("%1 instance", "%1 instances", n);
        case hits::TallyBy::qtype: return trn("%1 type", "%1 types", n);
        case hits::TallyBy::transport: return trn("%1 transport", "%1 transports", n);
        case hits::TallyBy::trigger: return trn("%1 trigger", "%1 triggers", n);
    }
    return std::to_string(n);
}

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

void print_rows(const TopCounted& c, bool wide) {
    const auto& t = c.tally;
    std::vector<std::string> heads{tr("HITS"), tr("SHARE"), upper(singular(*c.kind))};
    if (c.with_orders) heads.push_back(tr("ORDER"));
    std::vector<std::vector<std::string>> rows;
    std::vector<std::size_t> widths;
    widen(widths, heads);
    for (const auto& r : t.rows) {
        rows.push_back(
            {std::to_string(r.count), percent(r.count, t.total), r.key.empty() ? tr(c.kind->unknown) : shown(r.key)});
        if (c.with_orders) rows.back().push_back(r.order.empty() ? tr("(not kept)") : shown(r.order));
        widen(widths, rows.back());
    }
    if (is_terminal()) {
        constexpr std::size_t least_bar = 10;
        std::size_t columns = terminal_width();
        if (!wide) fit(widths, columns > 2 * least_bar ? columns - least_bar - 2 : columns);
        std::size_t used = 0;
        for (auto width : widths) used += width + 2;
        auto room =
            static_cast<unsigned>(columns > used + least_bar ? std::min<std::size_t>(columns - used, 60) : least_bar);
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(bar(t.rows[i].count, t.rows[0].count, room));
        heads.emplace_back();
    }
    print(table_line(heads, widths));
    for (const auto& row : rows) print(table_line(row, widths));
}

void print_top(Session& session, const HitsTopOptions& o, const TopCounted& c) {
    if (c.tally.rows.empty()) print(tr("no hits"));
    else print_rows(c, o.wide);
    if (!c.tally.rows.empty())
        print(trn("%1 hit", "%1 hits", c.tally.total) + ", " +
              (c.with_orders ? trn("%1 row", "%1 rows", c.tally.distinct) : counted(*c.kind, c.tally.distinct)));
    print_source(c.source);
    (void)session;
}

TopCounted count_now(Session& session, const HitsTopOptions& o, const hits::HitsReader& reader) {
    return count_top(reader, *find_top_kind(o.what), o.query.filter(session, hitlog::now_microseconds(), true), o.limit,
                     !o.with.empty());
}

// Recounts every two seconds: on a terminal in place, else one table after the other.
void follow(Session& session, const HitsTopOptions& o) {
    auto log = std::make_shared<hits::HitLog>(session.config().hits.path);
    if (session.config().hits.path.empty()) read_hits(session);  // says that there will be none
    UntilStopped until;
    bool begun = false;
    while (until.wait(begun ? count_every_ms : 0)) {
        try {
            auto c = count_now(session, o, hits::HitsReader(log));
            if (o.json) {
                print(json_line(top_json(c)));
            } else {
                print(is_terminal() ? "\033[H\033[2J" : begun ? "\n" : "", "");
                print_top(session, o, c);
            }
        } catch (const hits::NoHitLog& none) {
            if (!begun) complain(tr("waits for hits: %1", none.message()));
        }
        begun = true;
    }
}

void top(Session& session, const HitsTopOptions& o) {
    if (o.follow) return follow(session, o);
    begin_paging();
    auto reader = read_hits(session);
    auto c = count_now(session, o, reader);
    if (o.csv) {
        std::vector<std::string> heads{c.kind->member, "hits"};
        if (c.with_orders) heads.emplace_back("order");
        print(order::csv_record(heads), "");
        for (const auto& r : c.tally.rows) {
            std::vector<std::string> cells{shown(r.key), std::to_string(r.count)};
            if (c.with_orders) cells.push_back(shown(r.order));
            print(order::csv_record(cells), "");
        }
    } else if (o.json) {
        print_json(top_json(c));
    } else {
        print_top(session, o, c);
    }
    if (c.tally.rows.empty()) tell_none(session, o.query, reader);
    report_damage(session, reader);
}

}  // namespace

void add_hits_top(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsTopOptions>();
    auto* c = add_command(hits, "top", tr("Count hits by name, order, region, client and more, the most first"),
                          [o, &session] { top(session, *o); });
    std::vector<std::string> words;
    for (const auto& k : top_kinds()) words.push_back(k.word);
    c->add_option("what", o->what, tr("what to count by; names are those listed, qnames those asked for"))
        ->required()
        ->check(CLI::IsMember(words));
    o->query.add_to(*c);
    c->add_option("--with", o->with, tr("a row for each of them and each order"))->check(CLI::IsMember({"order"}));
    c->add_option("-n,--limit", o->limit, tr("at most so many rows; 0: all"))->capture_default_str()->type_name("N");
    auto* follow = c->add_flag("-f,--follow", o->follow, tr("count anew every two seconds until interrupted"));
    c->add_flag("--wide", o->wide, tr("on a terminal: lines as long as they are, instead of cells cut to fit"));
    auto* json = c->add_flag("--json", o->json, tr("answer in JSON; with --follow a line each time"));
    c->add_flag("--csv", o->csv, tr("answer in CSV (RFC 4180)"))->excludes(json)->excludes(follow);
    c->footer(
        tr("Names, orders, regions and actions come from counts by hour, which outlive the records and hold\n"
           "hits that could not be recorded, unless a filter or a time within an hour asks for more than\n"
           "they know. A time given as a day or more ago goes down to the full hour. The last lines say\n"
           "which time and source it was. Exit code 1 says that nothing was found.\n"
           "%1Examples: blocklist-tool hits top names --since 7d --with order\n"
           "          blocklist-tool hits top clients --order B-1/2024 --since 2h --json\n"
           "          blocklist-tool hits top regions --match '*pemilu*' --follow",
           tr(times_help)));
}

}  // namespace saring::tool
