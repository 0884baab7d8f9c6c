#include <memory>

#include "output/difference_output.h"
#include "program/session.h"

namespace saring::tool {
namespace {

struct DiffOptions {
    std::uint64_t from = 0, to = 0;
    bool counts = false, json = false;
};

void diff(Session& session, const DiffOptions& o) {
    Reading reading(session.database());
    for (auto serial : {o.from, o.to})
        if (serial > reading.snapshot.serial())
            throw Error(ErrorKind::usage, msg("serial %1", serial),
                        msg("is above the database's serial, %1", reading.snapshot.serial()),
                        msg("see: blocklist-tool db history"));
    auto d = difference(reading.snapshot, std::min(o.from, o.to), std::max(o.from, o.to));
    if (o.from > o.to) invert(d);
    bool any = count(d).any();
    if (!any) session.exit_code = exit_no;
    if (o.json) {
        Json j{{"from", o.from}, {"to", o.to}};
        j.update(difference_json(d, !o.counts));
        return print_json(j);
    }
    if (!any) return print(tr("serials %1 and %2: nothing differs", o.from, o.to));
    print_orders(d);
    if (!o.counts) print_entries(d);
    print(in_words(count(d)));
}

}  // namespace

void add_diff(CLI::App& app, Session& session) {
    auto o = std::make_shared<DiffOptions>();
    auto* c = add_listing(app, "diff", tr("Show what differs between two serials of the database"),
                          [o, &session] { diff(session, *o); });
    c->add_option("from", o->from, tr("a serial as `db history` shows it; 0 is the empty database"))
        ->required()
        ->type_name("SERIAL");
    c->add_option("to", o->to, tr("the other serial"))->required()->type_name("SERIAL");
    c->add_flag("--counts", o->counts, tr("print only counts, not each name and address"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "Entries that were added and removed again in between are not shown. A name counts once for each order that\n"
        "lists it. Exit code 1 if nothing differs.\n"
        "Example: blocklist-tool diff 40 42"));
}

}  // namespace saring::tool
