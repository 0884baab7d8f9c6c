#include "doctor/installation.h"

#include <memory>

namespace saring::tool {
namespace {

struct Check {
    const char* name;
    void (*run)(Installation&);
};
constexpr Check checks[] = {
    {"config", check_configuration}, {"unbound", check_unbound},   {"module", check_module_file},  {"database", check_database}, {"image", check_image}, {"orders", check_rehearsal}, {"access", check_permissions},
    {"keys", check_keys},            {"apparmor", check_apparmor}, {"module", check_module_state}, {"feed", check_feeds},        {"clock", check_clock},
    {"location", check_location},    {"hits", check_hits},         {"answer", check_answers},
};

void doctor(Session& session, const DoctorOptions& options) {
    Diagnoses found;
    Installation i{options, session, found, now_unix()};
    for (const auto& check : checks) {
        try {
            check.run(i);
        } catch (const Error& e) {  // of one check: the others go on
            found.fail(check.name, e.subject() + ": " + e.why(), e.remedy());
        }
    }
    if (found.count(Health::failed)) session.exit_code = exit_no;
    if (!options.json) return found.print();
    print_json({{"config", config::config_path(session.config_option)}, {"time", format_rfc3339(i.now)}, {"healthy", found.count(Health::failed) == 0}, {"ok", found.count(Health::ok)},
                {"warnings", found.count(Health::warning)}, {"failed", found.count(Health::failed)}, {"unseen", found.count(Health::unseen)}, {"checks", found.json()}});
}

}  // namespace

std::string as_saring(const std::string& command) { return "runuser -u saring -- blocklist-tool " + command; }

void add_doctor(CLI::App& app, Session& session) {
    auto o = std::make_shared<DoctorOptions>();
    auto* c = add_command(app, "doctor", tr("Examine the whole installation, and say how to mend what is wrong"), [o, &session] { doctor(session, *o); });
    c->add_option("--unbound", o->unbound, tr("the program; unbound-checkconf is looked for beside it"))->capture_default_str()->type_name("FILE");
    c->add_option("--unbound-conf", o->unbound_conf, tr("its configuration"))->capture_default_str()->type_name("FILE");
    c->add_option("--resolver", o->resolver, tr("where to ask; default: where its configuration has it listen"))->type_name("ADDR[:PORT]");
    c->add_option("--unlisted", o->unlisted, tr("a name that must resolve; default: the host of a feed, else the root"))->type_name("NAME");
    c->add_flag("--quick", o->quick, tr("neither read the whole database nor fetch feeds"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr("Looks at Unbound and its configuration, the module, saring.toml, the database, the image, users and\n"
              "permissions, keys, AppArmor, feeds, the clock, location databases, hits, and asks the resolver for names that are\n"
              "blocked and for one that is not. Each finding comes with the command or the line that mends it. Writes\n"
              "nothing, and needs not be root: what it may not see, it calls unseen. Exit code 1 when a check failed;\n"
              "warnings are no failure.\n"
              "Example: sudo blocklist-tool doctor\n"
              "Example: blocklist-tool doctor --quick --json"));
}

}  // namespace saring::tool
