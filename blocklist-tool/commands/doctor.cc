#include "doctor/examine.h"

#include <memory>

namespace saring::tool {
namespace {

void doctor(Session& session, const DoctorOptions& options) {
    UnixTime now = now_unix();
    auto found = examine(session, options, now);
    if (found.count(Health::failed)) session.exit_code = exit_no;
    if (!options.json) return found.print();
    print_json(diagnoses_json(session, found, now));
}

}  // namespace

void add_doctor(CLI::App& app, Session& session) {
    auto o = std::make_shared<DoctorOptions>();
    auto* c = add_command(app, "doctor", tr("Examine the whole installation, and say how to mend what is wrong"),
                          [o, &session] { doctor(session, *o); });
    c->add_option("--unbound", o->unbound, tr("the program; unbound-checkconf is looked for beside it"))
        ->capture_default_str()
        ->type_name("FILE");
    c->add_option("--unbound-conf", o->unbound_conf, tr("its configuration"))->capture_default_str()->type_name("FILE");
    c->add_option("--resolver", o->resolver, tr("where to ask; default: where its configuration has it listen"))
        ->type_name("ADDR[:PORT]");
    c->add_option("--unlisted", o->unlisted, tr("a name that must resolve; default: the host of a feed, else the root"))
        ->type_name("NAME");
    c->add_flag("--quick", o->quick, tr("neither read the whole database nor fetch feeds"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("Looks at Unbound and its configuration, the module, saring.toml, the database, the image, users and\n"
           "permissions, keys, AppArmor, feeds, the clock, location databases, hits, and asks the resolver for names "
           "that are\n"
           "blocked and for one that is not. Each finding comes with the command or the line that mends it. Writes\n"
           "nothing, and needs not be root: what it may not see, it calls unseen. Exit code 1 when a check failed;\n"
           "warnings are no failure.\n"
           "Example: sudo blocklist-tool doctor\n"
           "Example: blocklist-tool doctor --quick --json"));
}

}  // namespace saring::tool
