#include <memory>

#include "hits_view/hits_output.h"
#include "hits_view/hits_query.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

struct HitsListOptions {
    HitsQuery query;
    std::size_t limit = 100;
    bool reverse = false, wide = false, json = false, csv = false;
};

void list_hits(Session& session, const HitsListOptions& o) {
    auto filter = o.query.filter(session, hitlog::now_microseconds());
    auto reader = read_hits(session);
    HitPrinter printer(o.json  ? HitPrinter::Format::json
                       : o.csv ? HitPrinter::Format::csv
                               : HitPrinter::Format::table,
                       is_terminal() && !o.wide ? terminal_width() : 0);
    bool more = false;
    auto direction = o.reverse ? hits::HitsReader::Direction::oldest_first : hits::HitsReader::Direction::newest_first;
    reader.each(filter, direction, [&](const hitlog::Hit& h) {
        more = o.limit && printer.printed() == o.limit;
        if (!more) printer.add(h);
        return !more;
    });
    printer.end(more);
    if (printer.printed() == 0) tell_none(session, o.query, reader);
    report_damage(session, reader);
}

}  // namespace

void add_hits_list(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsListOptions>();
    auto* c = add_listing(hits, "list", tr("List hits, the newest first"), [o, &session] { list_hits(session, *o); });
    o->query.add_to(*c);
    c->add_option("-n,--limit", o->limit, tr("at most so many; 0: all"))->capture_default_str()->type_name("N");
    c->add_flag("--reverse", o->reverse, tr("the oldest first"));
    c->add_flag("--wide", o->wide, tr("on a terminal: lines as long as they are, instead of cells cut to fit"));
    auto* json = c->add_flag("--json", o->json, tr("answer in JSON"));
    c->add_flag("--csv", o->csv, tr("answer in CSV (RFC 4180); cells that a spreadsheet would calculate begin with '"))
        ->excludes(json);
    c->footer(
        tr("All filters given must hold. In the column LISTED, = says that the name asked for was listed itself.\n"
           "Exit code 1 says that nothing was found.\n"
           "%1Examples: blocklist-tool hits list --name hoax.example --since 2h\n"
           "          blocklist-tool hits list --match '*pemilu*' --type AAAA --transport doh\n"
           "          blocklist-tool hits list --order B-1/2024 --region ID-JK --since yesterday --until today --limit "
           "0 --csv",
           tr(times_help)));
}

}  // namespace saring::tool
