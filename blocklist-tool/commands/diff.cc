#include <memory>

#include "difference_output.h"
#include "session.h"

namespace saring::tool {
namespace {

struct Options {
    std::uint64_t from = 0, to = 0;
    bool counts = false, json = false;
};

void diff(Session& session, const Options& o) {
    Reading reading(session.database());
    for (auto serial : {o.from, o.to})
        if (serial > reading.snapshot.serial())
            throw Error(ErrorKind::usage, "serial " + std::to_string(serial), "is above the database's, " + std::to_string(reading.snapshot.serial()),
                        "see: blocklist-tool db history");
    auto d = difference(reading.snapshot, std::min(o.from, o.to), std::max(o.from, o.to));
    if (o.from > o.to) invert(d);
    bool any = count(d).any();
    if (!any) session.exit_code = exit_no;
    if (o.json) {
        Json j{{"from", o.from}, {"to", o.to}};
        j.update(difference_json(d, !o.counts));
        return print_json(j);
    }
    if (!any) return print("serials " + std::to_string(o.from) + " and " + std::to_string(o.to) + ": nothing differs");
    print_orders(d);
    if (!o.counts) print_entries(d);
    print(in_words(count(d)));
}

}  // namespace

void add_diff(CLI::App& app, Session& session) {
    auto o = std::make_shared<Options>();
    auto* c = add_listing(app, "diff", "What differs between two serials of the database", [o, &session] { diff(session, *o); });
    c->add_option("from", o->from, "a serial as `db history` shows it; 0 is the empty database")->required()->type_name("SERIAL");
    c->add_option("to", o->to, "another one")->required()->type_name("SERIAL");
    c->add_flag("--counts", o->counts, "leave the single names and addresses out");
    c->add_flag("--json", o->json, "answer in JSON");
    c->footer("What was added and removed again in between does not show. A name counts once for each\n"
              "order that lists it. Exit code 1 when nothing differs.\nExample: blocklist-tool diff 40 42");
}

}  // namespace saring::tool
