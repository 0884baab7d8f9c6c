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

// All problems found. If saring.toml itself cannot be read, nothing else is checked.
std::vector<Message> problems_of(Session& session) {
    std::vector<Message> out;
    auto look = [&](auto check) {
        try {
            check();
        } catch (const Error& e) { out.push_back(e.message()); }
    };
    const config::Config* config = nullptr;
    look([&] { config = &session.config(); });
    if (!config) return out;
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
    auto* c =
        add_command(*config, "check", tr("Check the configuration and the files it names, before Unbound reads them"),
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
                        print(tr("%1: good: %2, %3; answers %4, failure.policy %5", shown(path),
                                 trn("%1 key", "%1 keys", good.trust.keys.size()),
                                 trn("%1 feed", "%1 feeds", good.feeds.size()), to_string(good.answer.action),
                                 good.failure.policy == config::FailurePolicy::resolve ? "resolve" : "servfail"));
                    });
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(tr(
        "If saring.toml cannot be used when Unbound reloads, the module keeps the old configuration; after a restart\n"
        "there is none to keep. Check first. Uses neither the database nor the network.\n"
        "Example: blocklist-tool config check && unbound-control reload"));
}

}  // namespace saring::tool
