#include "module_state.h"

#include <signal.h>

#include <cerrno>

#include "base/file.h"
#include "base/time.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

constexpr UnixTime silent_after = 10;  // seconds; it writes once a second

Json unknown(const std::string& why) { return {{"state", "unknown"}, {"why", why}}; }

bool is_alive(std::int64_t pid) { return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM); }

}  // namespace

Json module_state(const Config& config, UnixTime now) {
    const auto& path = config.module.status_file;
    if (path.empty()) return unknown("module.status_file is empty: the module writes nothing");
    Json said;
    try {
        said = Json::parse(read_file(path, 1u << 20), nullptr, false);
    } catch (const Error& e) {
        return unknown(std::string(e.what()) + "; is Unbound running with the module?");
    }
    if (!said.is_object() || !said.contains("state") || !said["state"].is_string() || !said.contains("pid") || !said["pid"].is_number_integer() ||
        !said.contains("updated") || !said["updated"].is_string())
        return unknown(path + ": is no status of the module");
    UnixTime updated = 0;
    try {
        updated = parse_rfc3339(said["updated"].get<std::string>(), "updated");
    } catch (const Error& e) {
        return unknown(path + ": " + e.what());
    }
    auto pid = said["pid"].get<std::int64_t>();
    said["alive"] = is_alive(pid);
    said["age"] = std::max<UnixTime>(now - updated, 0);
    auto no_longer = [&](const char* state, const std::string& why) {
        said["state"] = state;
        said["why"] = why;
    };
    if (!said["alive"].get<bool>())
        no_longer("stopped", "process " + std::to_string(pid) + " is gone");
    else if (now - updated > silent_after)
        no_longer("silent", "nothing written for " + std::to_string(now - updated) + " s");
    return said;
}

void print_module_state(const Json& state) {
    auto text = [&](const char* name) { return state.contains(name) && state[name].is_string() ? shown(state[name].get<std::string>()) : std::string(); };
    auto number = [&](const char* name) { return state.contains(name) ? shown(state[name].dump()) : std::string("?"); };
    std::string why = text("why");
    print(tr("module     %1%2", toned(text("state"), text("state") == "ok" ? Tone::good : Tone::bad), why.empty() ? "" : ": " + why));
    if (!state.contains("pid")) return;
    print(tr("           process %1, serial %2 in force, written %3 s ago", number("pid"), number("serial"), number("age")));
    std::uint64_t blocked = 0;
    if (auto b = state.find("blocked"); b != state.end() && b->is_object())
        for (const auto& [action, n] : b->items())
            if (n.is_number_unsigned()) blocked += n.get<std::uint64_t>();
    print(tr("           %1 queries looked at, %2 blocked, %3 rehearsed, %4 not checked, %5 evicted", number("queries"), blocked, number("rehearsed"),
             number("failed_queries"), number("evicted")));
}

}  // namespace saring::tool
