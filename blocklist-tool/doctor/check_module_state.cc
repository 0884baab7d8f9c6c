// The state that the running module reports.
#include <chrono>
#include <thread>

#include "doctor/installation.h"
#include "state/module_state.h"

namespace saring::tool {
namespace {

constexpr auto look_again = std::chrono::milliseconds(250);
constexpr int looks = 20;  // the module writes its state once a second

std::uint64_t serial_of(Installation& i) { return Reading(i.database).snapshot.serial(); }

// Whether each resolver has loaded saring.toml as it is now.
void check_loaded(Installation& i, const Json& state) {
    for (const auto& one : state["processes"]) {
        auto loaded = one.find("configuration");
        if (loaded == one.end() || !loaded->is_object()) continue;  // written by an earlier version
        std::string process = one["pid"].dump(), when = loaded->value("loaded", ""), file = loaded->value("file", "");
        if (loaded->value("sha256", "") == i.config->digest)
            i.found.ok("module.configuration", msg("process %1 runs the current %2", process, file));
        else
            i.found.fail("module.configuration", msg("process %1 runs another %2, read %3", process, file, when),
                         "unbound-control reload");
    }
}

}  // namespace

void check_module_state(Installation& i) {
    if (!i.config) return;
    const auto& file = i.config->module.status_file;
    const std::string restart = "blocklist-tool config check && systemctl restart unbound; journalctl -u unbound";
    if (file.empty())
        return i.found.unseen("module.state", msg("module.status_file is empty: the module reports nothing"),
                              msg("in %1: [module] status_file = \"/run/saring/module.json\"", i.config->source));
    Json state = module_state(*i.config, now_unix());
    auto text = [&](const char* name) {
        return state.contains(name) && state[name].is_string() ? state[name].get<std::string>() : std::string();
    };
    if (text("state") != "ok") {
        bool barred = ::access(file.c_str(), F_OK) == 0 && ::access(file.c_str(), R_OK) != 0;
        if (barred)
            return i.found.unseen("module.state", msg("%1: cannot be read", file), "sudo blocklist-tool doctor");
        return i.found.fail("module.state", text("state") + ": " + text("why"), restart);
    }
    for (const auto& one : state["processes"])
        i.found.ok("module.state", msg("process %1, written %2 s ago", one["pid"].dump(), one["age"].dump()));
    check_loaded(i, state);
    if (auto hits = state.find("hits"); hits != state.end() && hits->is_object() && hits->contains("failing") &&
                                        (*hits)["failing"].is_string() &&
                                        !(*hits)["failing"].get<std::string>().empty())
        i.found.fail("module.hits", msg("cannot record: %1", (*hits)["failing"].get<std::string>()),
                     "blocklist-tool hits summary");
    if (!i.database) return;
    std::uint64_t in_force = 0, committed = 0;
    for (int n = 0; n < looks; ++n) {
        state = module_state(*i.config, now_unix());
        in_force =
            state.contains("serial") && state["serial"].is_number_unsigned() ? state["serial"].get<std::uint64_t>() : 0;
        committed = serial_of(i);
        if (in_force == committed) return i.found.ok("module.serial", msg("serial %1 is in force", committed));
        std::this_thread::sleep_for(look_again);
    }
    i.found.fail(
        "module.serial",
        msg("serial %1 is in force, the database is at %2: does Unbound load another image?", in_force, committed),
        restart);
}

}  // namespace saring::tool
