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
    auto* c = add_command(app, "doctor", tr("Check the whole installation and show how to fix what is wrong"),
                          [o, &session] { doctor(session, *o); });
    c->add_option("--unbound", o->unbound, tr("the Unbound program; unbound-checkconf must be in the same folder"))
        ->capture_default_str()
        ->type_name("FILE");
    c->add_option("--unbound-conf", o->unbound_conf, tr("Unbound's configuration file"))
        ->capture_default_str()
        ->type_name("FILE");
    c->add_option("--resolver", o->resolver,
                  tr("the resolver to query; default: the first interface in Unbound's configuration"))
        ->type_name("ADDR[:PORT]");
    c->add_option("--unlisted", o->unlisted,
                  tr("a name that must resolve; default: the host of a feed, or else the root"))
        ->type_name("NAME");
    c->add_flag("--quick", o->quick, tr("do not read the whole database, do not fetch feeds"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "Checks Unbound and its configuration, the module, saring.toml, the database, the image, users and "
        "permissions,\n"
        "keys, AppArmor, feeds, the clock, location databases and hits; queries the resolver for blocked names and "
        "for\n"
        "one that is not blocked. Each finding comes with the command or the line that fixes it. Writes nothing and\n"
        "runs without root: a check that lacks a permission is reported as unseen. Exit code 1 if a check failed;\n"
        "warnings do not count.\n"
        "Example: sudo blocklist-tool doctor\n"
        "Example: blocklist-tool doctor --quick --json"));
}

}  // namespace saring::tool
