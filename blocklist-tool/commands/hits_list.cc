#include <memory>

#include "hits_view/hits_output.h"
#include "hits_view/hits_query.h"

namespace saring::tool {
namespace {

constexpr std::size_t hits_a_look = 10000;

struct HitsListOptions {
    HitsQuery query;
    std::size_t limit = 100;
    bool reverse = false, json = false, csv = false;
};

void list_hits(Session& session, const HitsListOptions& o) {
    auto filter = o.query.filter(hits::now_microseconds());
    auto db = open_hits(session);
    HitPrinter printer(o.json ? HitPrinter::Format::json : o.csv ? HitPrinter::Format::csv : HitPrinter::Format::table);
    bool more = false;
    auto direction = o.reverse ? hits::HitsReader::Direction::oldest_first : hits::HitsReader::Direction::newest_first;
    for (bool all = false; !all && !more;) {
        std::vector<hits::Hit> seen;
        // A view for each look: while it is open nobody waits for a reader of the answer.
        hits::HitsReader(db).each(filter, direction, [&](const hits::Hit& h) {
            seen.push_back(h);
            return seen.size() < hits_a_look && !(o.limit && printer.printed() + seen.size() > o.limit);
        });
        all = seen.size() < hits_a_look;
        for (const auto& h : seen) {
            more = o.limit && printer.printed() == o.limit;
            if (more) break;
            printer.add(h);
        }
        if (!seen.empty()) (o.reverse ? filter.after : filter.before) = seen.back().sequence;
    }
    if (printer.printed() == 0) session.exit_code = exit_no;
    printer.end(more);
}

}  // namespace

void add_hits_list(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsListOptions>();
    auto* c = add_listing(hits, "list", tr("List hits, the newest first"), [o, &session] { list_hits(session, *o); });
    o->query.add_to(*c);
    c->add_option("--limit", o->limit, tr("at most so many; 0: all"))->capture_default_str()->type_name("N");
    c->add_flag("--reverse", o->reverse, tr("the oldest first"));
    auto* json = c->add_flag("--json", o->json, tr("answer in JSON"));
    c->add_flag("--csv", o->csv, tr("answer in CSV (RFC 4180); cells that a spreadsheet would calculate begin with '"))->excludes(json);
    c->footer(tr("All filters given must hold. In the column LISTED, = says that the name asked for was listed itself.\n"
                 "Exit code 1 says that nothing was found.\n"
                 "%1Examples: blocklist-tool hits list --name hoax.example --since 2h\n"
                 "          blocklist-tool hits list --order B-1/2024 --region ID-JK --since yesterday --until today --limit 0 --csv", tr(times_help)));
}

}  // namespace saring::tool
