#include "state/module_state.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include "base/acting_owner.h"
#include "base/file.h"
#include "base/status_path.h"
#include "base/time.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

namespace fs = std::filesystem;

constexpr UnixTime silent_after = 10;  // seconds; the module writes once a second
constexpr std::size_t max_status_bytes = 1u << 20;

Json unknown(const std::string& why) { return {{"state", "unknown"}, {"why", why}, {"processes", Json::array()}}; }

bool is_alive(std::int64_t pid) { return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM); }

std::string text_field(const Json& j, const char* name) {
    return j.contains(name) && j[name].is_string() ? j[name].get<std::string>() : std::string();
}

// Reads one status file. `ended`: the module was unloaded properly.
Json read_state(const std::string& path, UnixTime now, bool& ended) {
    Json said = Json::parse(read_file(path, max_status_bytes), nullptr, false);
    if (!said.is_object() || !said.contains("state") || !said["state"].is_string() || !said.contains("pid") ||
        !said["pid"].is_number_integer() || !said.contains("updated") || !said["updated"].is_string())
        throw Error(ErrorKind::usage, path, msg("is not a status file of the module"), msg("restart Unbound"));
    UnixTime updated = parse_rfc3339(said["updated"].get<std::string>(), path + ": updated");
    auto pid = said["pid"].get<std::int64_t>();
    said["alive"] = is_alive(pid);
    said["age"] = std::max<UnixTime>(now - updated, 0);
    ended = said["state"] == "stopped";
    auto no_longer = [&](const char* state, const std::string& why) {
        said["state"] = state;
        said["why"] = why;
    };
    if (!said["alive"].get<bool>()) no_longer("stopped", "process " + std::to_string(pid) + " is gone");
    else if (!ended && now - updated > silent_after)
        no_longer("silent", "nothing written for " + std::to_string(now - updated) + " s");
    return said;
}

int badness(const Json& state) {
    constexpr const char* from_good[] = {"ok", "stale", "stopped", "silent", "failing"};
    auto at = std::find(std::begin(from_good), std::end(from_good), text_field(state, "state"));
    return static_cast<int>(at - std::begin(from_good));
}

// Adds counters; `serial` is the lowest in force in any process.
void add(Json& sum, const Json& one) {
    for (const char* name : {"queries", "failed_queries", "passed", "rehearsed", "probes", "evicted", "sweeps"})
        if (sum.contains(name) && one.contains(name) && sum[name].is_number_unsigned() &&
            one[name].is_number_unsigned())
            sum[name] = sum[name].get<std::uint64_t>() + one[name].get<std::uint64_t>();
    if (sum.contains("kept") && one.contains("kept") && sum["kept"].is_object() && one["kept"].is_object() &&
        one["kept"].contains("answers"))
        sum["kept"]["answers"] =
            sum["kept"].value("answers", std::uint64_t{0}) + one["kept"].value("answers", std::uint64_t{0});
    for (const char* group : {"blocked", "triggers", "hits"})
        if (sum.contains(group) && one.contains(group) && sum[group].is_object() && one[group].is_object())
            for (auto& [name, n] : sum[group].items())
                if (n.is_number_unsigned() && one[group].contains(name) && one[group][name].is_number_unsigned())
                    n = n.get<std::uint64_t>() + one[group][name].get<std::uint64_t>();
    if (sum.contains("hits") && one.contains("hits") && sum["hits"].is_object() &&
        text_field(sum["hits"], "failing").empty())
        sum["hits"]["failing"] = text_field(one["hits"], "failing");
    if (one.contains("serial") && sum.contains("serial") && one["serial"] < sum["serial"])
        sum["serial"] = one["serial"];
}

}  // namespace

std::vector<std::string> module_state_files(const config::Config& config) {
    fs::path configured(config.module.status_file);
    std::set<std::string> out;
    std::error_code failed;
    for (const auto& entry :
         fs::directory_iterator(configured.has_parent_path() ? configured.parent_path() : fs::path("."), failed))
        if (process_of_status_file(configured.string(), entry.path().filename().string()))
            out.insert(entry.path().string());
    // The configured path is a link to one of these, unless an early version of the module wrote it.
    if (!fs::is_symlink(configured, failed) && fs::exists(configured, failed)) out.insert(configured.string());
    return {out.begin(), out.end()};
}

Json module_state(const config::Config& config, UnixTime now) {
    const auto& path = config.module.status_file;
    if (path.empty()) return unknown("module.status_file is empty: the module writes nothing");
    ActingOwner as(fs::path(path).parent_path().string());
    std::vector<Json> there, ended;
    std::string unreadable;
    for (const auto& file : module_state_files(config)) {
        try {
            bool in_order = false;
            Json one = read_state(file, now, in_order);
            (in_order ? ended : there).push_back(std::move(one));
        } catch (const Error& e) { unreadable = e.what(); }
    }
    if (there.empty()) there = std::move(ended);
    if (there.empty() || !unreadable.empty())
        return unknown(unreadable.empty() ? path + ": there is none; is Unbound running with the module?" : unreadable);
    auto worst = std::max_element(there.begin(), there.end(),
                                  [](const auto& a, const auto& b) { return badness(a) < badness(b); });
    Json out = *worst;
    for (auto one = there.begin(); one != there.end(); ++one)
        if (one != worst) add(out, *one);
    out["processes"] = there;
    return out;
}

void print_module_state(const Json& state) {
    auto words = [&](const char* name) { return shown(text_field(state, name)); };
    auto number = [](const Json& of, const char* name) {
        return of.contains(name) ? shown(of[name].dump()) : std::string("?");
    };
    std::string why = words("why");
    print(tr("module     %1%2", toned(words("state"), words("state") == "ok" ? Tone::good : Tone::bad),
             why.empty() ? "" : ": " + why));
    for (const auto& one : state["processes"]) {
        std::string line = tr("           process %1, serial %2 in force, written %3 s ago", number(one, "pid"),
                              number(one, "serial"), number(one, "age"));
        if (state["processes"].size() > 1) line += ": " + shown(text_field(one, "state"));
        print(line);
        if (auto c = one.find("configuration"); c != one.end() && c->is_object())
            print(tr("           configuration %1 of %2", shown(text_field(*c, "file")),
                     shown(text_field(*c, "loaded"))));
    }
    if (!state.contains("pid")) return;
    std::uint64_t blocked = 0;
    if (auto b = state.find("blocked"); b != state.end() && b->is_object())
        for (const auto& [action, n] : b->items())
            if (n.is_number_unsigned()) blocked += n.get<std::uint64_t>();
    print(tr("           %1 queries checked, %2 blocked, %3 rehearsed, %4 unchecked, %5 evicted",
             number(state, "queries"), blocked, number(state, "rehearsed"), number(state, "failed_queries"),
             number(state, "evicted")));
}

}  // namespace saring::tool
