// Whether the module and the commands would work with this configuration, asked before a resolver meets it.
#include <memory>

#include "feed/source.h"
#include "geo/mmdb.h"
#include "output/output.h"
#include "program/session.h"
#include "safety/rules.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

// Every problem, the file's own first: with a file that cannot be read nothing else is known.
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
                            Json told = Json::array();
                            for (const auto& p : problems) told.push_back(p.english());
                            return print_json({{"file", path}, {"good", problems.empty()}, {"problems", told}});
                        }
                        for (const auto& p : problems) complain("blocklist-tool: " + translated(p));
                        if (!problems.empty()) return;
                        const config::Config& good = session.config();
                        print(tr("%1: good: %2 keys, %3 feeds; answers %4, failure.policy %5", shown(path),
                                 good.trust.keys.size(), good.feeds.size(), to_string(good.answer.action),
                                 good.failure.policy == config::FailurePolicy::resolve ? "resolve" : "servfail"));
                    });
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(
        tr("Unbound keeps the configuration it has when a reload meets one that it cannot use, but after a\n"
           "restart there is none to keep: check first. Touches neither the database nor the network.\n"
           "Example: blocklist-tool config check && unbound-control reload"));
}

}  // namespace saring::tool
