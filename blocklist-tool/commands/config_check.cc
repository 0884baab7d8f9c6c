// config check: checks saring.toml and the files it names before a resolver reads them.
#include <memory>

#include "feed/source.h"
#include "geo/mmdb.h"
#include "output/output.h"
#include "program/session.h"
#include "safety/rules.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

// Unbound and the commands have other working directories.
void require_absolute(const char* option, const std::string& path) {
    if (path.empty() || path[0] != '/')
        throw Error(ErrorKind::usage, option, msg("\"%1\" is not an absolute path", path), msg("begin it with /"));
}

// All problems found. If saring.toml itself cannot be read, nothing else is checked.
std::vector<Message> problems_of(Session& session) {
    std::vector<Message> out;
    const config::Config* config = nullptr;
    try {
        config = &session.config();
    } catch (const Error& e) { return {e.message()}; }
    auto look = [&](auto check) {
        try {
            check();
        } catch (const Error& e) { out.push_back(msg("%1: %2", config->source, e.message())); }
    };
    look([&] { require_absolute("database.path", config->database.path); });
    for (auto [option, path] : {std::pair{"module.status_file", &config->module.status_file},
                                {"hits.path", &config->hits.path},
                                {"quality.path", &config->quality.path}})
        if (!path->empty()) look([option = option, path = path] { require_absolute(option, *path); });
    look([&] { geo::Locator{config->region}; });
    look([&] { safety::Rules::of(*config); });
    if (!config->hits.asn_mmdb.empty()) look([&] { geo::Mmdb(config->hits.asn_mmdb, "hits.asn_mmdb"); });
    TerminalProgress none(true);
    for (const auto& feed : config->feeds) look([&] { feed::make_source({*config, feed, nullptr, now_unix(), none}); });
    return out;
}

}  // namespace

void add_config_commands(CLI::App& app, Session& session) {
    auto* config = app.add_subcommand("config", tr("The configuration, saring.toml"));
    config->require_subcommand(1);
    config->fallthrough();
    auto json = std::make_shared<bool>(false);
    auto* c = add_command(
        *config, "check", tr("Check the configuration and the files it names, before Unbound reads them"),
        [json, &session] {
            auto path = config::config_path(session.config_option);
            auto problems = problems_of(session);
            if (!problems.empty()) session.exit_code = static_cast<int>(ErrorKind::usage);
            if (*json) {
                Json list = Json::array();
                for (const auto& p : problems) list.push_back(p.english());
                return print_json({{"file", path}, {"good", problems.empty()}, {"problems", list}});
            }
            for (const auto& p : problems) complain("blocklist-tool: " + translated(p));
            if (!problems.empty()) return;
            const config::Config& good = session.config();
            print(tr("%1: good: %2, %3, %4; answers %5, failure.policy %6", shown(path),
                     trn("%1 key", "%1 keys", good.trust.keys.size()), trn("%1 feed", "%1 feeds", good.feeds.size()),
                     trn("%1 protected name", "%1 protected names", safety::Rules::of(good)->never_block_names()),
                     to_string(good.answer.action),
                     good.failure.policy == config::FailurePolicy::resolve ? "resolve" : "servfail"));
        });
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(tr(
        "If saring.toml cannot be used when Unbound reloads, the module keeps the old configuration; after a restart\n"
        "there is none to keep. Check first. Uses neither the database nor the network.\n"
        "Example: blocklist-tool config check && unbound-control reload"));
}

}  // namespace saring::tool
