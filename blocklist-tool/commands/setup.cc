#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "base/file.h"
#include "output/output.h"
#include "program/child_program.h"
#include "program/session.h"
#include "settings/settings.h"
#include "setup/plan.h"
#include "setup/questions.h"

namespace saring::tool {
namespace {

constexpr const char* usual_config = "/etc/saring/saring.toml";

struct SetupOptions {
    std::string output, database, hits, action, unbound_dir = "/etc/unbound/unbound.conf.d",
                                                module = SARING_MODULE_FILE, unbound = "unbound";
    std::vector<std::string> keys, feed_keys, feeds, landings;
    std::optional<unsigned> threshold;
    bool no_unbound = false, non_interactive = false;
};

bool is_there(const std::string& path) {
    struct stat s {};
    return ::lstat(path.c_str(), &s) == 0;
}

void require_free(const std::string& path) {
    if (is_there(path))
        throw Error(ErrorKind::refused, path, msg("exists already, and setup overwrites nothing"),
                    msg("edit it, move it away, or write elsewhere with --output and --unbound-dir"));
}

void require_folder(const std::string& file, const char* option) {
    auto folder = std::filesystem::path(file).parent_path().string();
    struct stat s {};
    if (folder.empty() || (::stat(folder.c_str(), &s) == 0 && S_ISDIR(s.st_mode))) return;
    throw Error(ErrorKind::usage, option, msg("there is no folder %1", folder),
                msg("create it with: install -d %1", folder));
}

// Debian's Unbound has subnetcache in its default module-config; an Unbound without it refuses such a module-config.
bool has_subnetcache(const std::string& unbound) {
    auto program = find_program(unbound);
    return program.empty() || run_program({program, "-V"}).text.find(" subnetcache") != std::string::npos;
}

SetupPlan planned(const SetupOptions& o) {
    SetupPlan plan;
    for (const auto& key : o.keys) plan.add_key(key, trust::KeyRole::order);
    for (const auto& key : o.feed_keys) plan.add_key(key, trust::KeyRole::feed);
    for (const auto& feed : o.feeds) plan.add_feed(feed);
    for (const auto& landing : o.landings) plan.add_landing(landing);
    if (!o.landings.empty()) plan.action = "redirect";
    if (!o.action.empty()) plan.set_action(o.action);
    if (!o.database.empty()) plan.database = o.database;
    if (!o.hits.empty()) plan.hits = o.hits;
    if (o.threshold) plan.threshold = *o.threshold;
    return plan;
}

void print_next(const SetupPlan& plan, const std::string& config, const std::string& snippet) {
    std::string tool =
        "runuser -u saring -- blocklist-tool " + (config == usual_config ? std::string() : "--config " + config + " ");
    print(tr("Compare the keys in it with a second source. Then:"));
    print("  " + tool + "db init");
    if (!plan.feeds.empty()) {
        print("  " + tool + "sync --dry-run");
        print("  " + tool + "sync");
        print("  systemctl enable --now saring-sync.timer");
    }
    if (snippet.empty()) return;
    if (config != usual_config) print("  systemctl edit unbound    # [Service] Environment=SARING_CONFIG=" + config);
    std::string reader = "blocklist-tool " + (config == usual_config ? std::string() : "--config " + config + " ");
    print("  unbound-checkconf && " + reader + "config check && systemctl restart unbound");
    print("  " + reader + "doctor");
}

void setup(Session& session, const SetupOptions& o) {
    // Absolute, since the printed commands name it and Unbound gets it as SARING_CONFIG.
    std::string config =
        std::filesystem::absolute(o.output.empty() ? config::config_path(session.config_option) : o.output)
            .lexically_normal()
            .string();
    SetupPlan plan = planned(o);
    std::string unbound_dir = o.no_unbound ? "" : o.unbound_dir;
    // Before any question: fail early if the file cannot be written.
    require_folder(config, "--output");
    require_free(config);
    if (!o.non_interactive && ::isatty(STDIN_FILENO) == 1)
        ask_setup(plan, unbound_dir,
                  {o.keys.empty(), o.feeds.empty(), o.action.empty() && o.landings.empty(), o.database.empty(),
                   !o.no_unbound});
    std::string snippet = unbound_dir.empty() ? "" : unbound_dir + "/saring.conf";
    if (!snippet.empty()) {
        require_folder(snippet, "--unbound-dir");
        require_free(snippet);
    }
    plan.check();
    auto never_block = (std::filesystem::path(config).parent_path() / "never-block.txt").string();
    if (is_there(never_block)) plan.never_block = never_block;

    write_file(config, saring_toml(plan), 0644, true);
    try {
        settings::load_config(config);
        if (!snippet.empty()) write_file(snippet, unbound_snippet(o.module, has_subnetcache(o.unbound)), 0644, true);
    } catch (const Error&) {
        ::unlink(config.c_str());  // writes both files or neither
        throw;
    }
    print(tr("wrote %1%2", shown(config), snippet.empty() ? "" : tr(" and %1", shown(snippet))));
    print_next(plan, shown(config), shown(snippet));
}

}  // namespace

void add_setup(CLI::App& app, Session& session) {
    auto o = std::make_shared<SetupOptions>();
    auto* c = add_command(app, "setup", tr("Write a first configuration for Saring and for its module in Unbound"),
                          [o, &session] { setup(session, *o); });
    c->add_option("--key", o->keys, tr("a public key that signs orders, or its file (repeatable)"))
        ->type_name("[NAME=]RW...|FILE")
        ->allow_extra_args(false);
    c->add_option("--threshold", o->threshold, tr("how many of these keys must have signed an order; default: 1"))
        ->type_name("N")
        ->check(CLI::Range(1u, 16u));
    c->add_option("--feed", o->feeds,
                  tr("URL of a feed (repeatable); NAME as its publisher calls it, default: ministry"))
        ->type_name("[NAME=]URL")
        ->allow_extra_args(false);
    c->add_option("--feed-key", o->feed_keys, tr("a public key that signs feeds (repeatable)"))
        ->type_name("[NAME=]RW...|FILE")
        ->allow_extra_args(false);
    c->add_option("--action", o->action,
                  tr("action of orders that name none: nxdomain, nodata, refused, redirect, drop, or log to rehearse; "
                     "default: nxdomain"))
        ->type_name("ACTION");
    c->add_option("--landing", o->landings,
                  tr("address or host of the landing page; sets the action to redirect (repeatable)"))
        ->type_name("ADDRESS|HOST")
        ->allow_extra_args(false);
    c->add_option("--database", o->database, tr("folder of the database; default: /var/lib/saring/blocklist"))
        ->type_name("DIR");
    c->add_option("--hits", o->hits, tr("folder of hits; default: /var/lib/saring/hits"))->type_name("DIR");
    c->add_option("--output", o->output, tr("the file to write; default: as --config"))->type_name("FILE");
    c->add_option("--unbound-dir", o->unbound_dir,
                  tr("folder whose files Unbound includes; saring.conf is written there"))
        ->capture_default_str()
        ->type_name("DIR");
    c->add_option("--module", o->module, "saring.so")->capture_default_str()->type_name("FILE");
    c->add_option("--unbound", o->unbound, tr("the Unbound program, to see which modules it has"))
        ->capture_default_str()
        ->type_name("FILE");
    c->add_flag("--no-unbound", o->no_unbound,
                tr("write nothing for Unbound, e.g. on a machine that only issues orders"));
    c->add_flag("--non-interactive", o->non_interactive, tr("ask nothing"));
    c->footer(
        tr("On a terminal it asks for what the options leave open. It overwrites nothing: if a file exists already, it "
           "names\n"
           "it and ends with exit code 3. It checks what it wrote, and prints the commands to run next.\n"
           "Example: blocklist-tool setup\n"
           "Example: blocklist-tool setup --non-interactive --key ministry.pub --feed "
           "ministry=https://feed.example/orders/ --feed-key feed.pub"));
}

}  // namespace saring::tool
