#include "doctor/examine.h"

namespace saring::tool {
namespace {

struct Check {
    const char* name;
    void (*run)(Installation&);
};
constexpr Check checks[] = {
    {"config", check_configuration}, {"unbound", check_unbound}, {"module", check_module_file},
    {"database", check_database},    {"image", check_image},     {"orders", check_rehearsal},
    {"access", check_permissions},   {"keys", check_keys},       {"apparmor", check_apparmor},
    {"module", check_module_state},  {"feed", check_feeds},      {"clock", check_clock},
    {"location", check_location},    {"hits", check_hits},       {"answer", check_answers},
};

}  // namespace

Diagnoses examine(Session& session, const DoctorOptions& options, UnixTime now) {
    Diagnoses found;
    Installation i{options, session, found, now};
    for (const auto& check : checks) {
        try {
            check.run(i);
        } catch (const Error& e) {  // the other checks go on
            found.fail(check.name, e.subject() + ": " + e.why(), e.remedy());
        }
    }
    return found;
}

Json diagnoses_json(Session& session, const Diagnoses& found, UnixTime now, Say say) {
    return {{"config", config::config_path(session.config_option)},
            {"time", format_rfc3339(now)},
            {"healthy", found.count(Health::failed) == 0},
            {"ok", found.count(Health::ok)},
            {"warnings", found.count(Health::warning)},
            {"failed", found.count(Health::failed)},
            {"unseen", found.count(Health::unseen)},
            {"checks", found.json(say)}};
}

std::string as_saring(const std::string& command) { return "runuser -u saring -- blocklist-tool " + command; }

}  // namespace saring::tool
