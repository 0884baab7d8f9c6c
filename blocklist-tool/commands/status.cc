#include <memory>
#include <optional>

#include "hits_view/hits_state.h"
#include "output/output.h"
#include "program/session.h"
#include "state/feed_states.h"
#include "state/image_state.h"
#include "state/list_states.h"
#include "state/module_state.h"
#include "state/safety_state.h"
#include "state/status_state.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

void print_state(const Json& j, const config::Config& config) {
    print(tr("database   %1, schema %2", shown(j["database"].get<std::string>()), ledger::schema_version));
    print(tr("serial     %1", j["serial"].dump()));
    print(tr("names      %1", j["names"].dump()));
    print(tr("addresses  %1", j["addresses"].dump()));
    std::string orders;
    for (const auto& [state, n] : j["orders"].items())
        orders += (orders.empty() ? "" : ", ") + n.dump() + " " + tr(state.c_str());
    auto lifts = j["active_lifts"].get<std::uint64_t>();
    if (lifts) orders += trn("; %1 of the active only lifts others", "; %1 of the active only lift others", lifts);
    print(tr("orders     %1", orders));
    auto held = j["quarantined"].get<std::uint64_t>();
    print(tr("quarantine %1%2", held, held ? tr(" held (see: blocklist-tool quarantine list)") : tr(" held")));
    if (const auto& last = j["last_commit"]; !last.is_null())
        print(tr("last       %1, %2 by %3", last["time"].get<std::string>(), shown(last["command"].get<std::string>()),
                 shown(last["operator"].get<std::string>())));
    print_image_state(j["image"]);
    for (const auto& id : j["signed_by_revoked_keys"])
        print(tr("%1   order %2 depends on a revoked key: see `order list`, lift it with `order revoke`",
                 toned(tr("DOUBTFUL"), Tone::warning), shown(id.get<std::string>())));
    print_safety_state(config);
    for (const auto& l : j["lists"]) print_list(l);
    for (const auto& f : j["feeds"]) print_feed(f);
    print_module_state(j["module"]);
    print_hits_state(j["hits"], j["module"]);
}

// A damaged page would end the process before anything is printed.
void require_readable(Session& session, UnixTime now) {
    if (!ledger::lmdb::survives([&] { database_state(session, Reading(session.database()).snapshot, now); }))
        throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, session.config().database.path,
                                    msg("corrupt: a damaged page cannot be read"),
                                    msg("restore a backup by renaming it into place"));
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
    struct StatusOptions {
        bool json = false, check = false;
    };
    auto o = std::make_shared<StatusOptions>();
    auto* c = add_command(
        app, "status", tr("Show whether all is in order, and the state of database, feeds, module and hits"),
        [o, &session] {
            UnixTime now = now_unix();
            Json module = module_state(session.config(), now);
            std::optional<StatusState> status;
            std::unique_ptr<Reading> reading;
            try {
                require_readable(session, now);
                reading = std::make_unique<Reading>(session.database());
                status.emplace(status_state(session, module, reading->snapshot, now));
            } catch (const Error& e) {
                // Without the database, still show the state of the module.
                if (o->json)
                    print_json({{"database", session.config().database.path}, {"error", e.what()}, {"module", module}});
                else {
                    print(tr("status     %1: %2", toned(tr("ATTENTION"), Tone::bad), shown(translated(e.message()))));
                    print_image_state(image_state(session.config()));
                    print_module_state(module);
                }
                throw;
            }
            const Json& j = status->json;
            if (o->check && !status->found.empty()) session.exit_code = exit_no;
            if (o->json) return print_json(j);
            print_first_line(status->found, j, reading->snapshot.serial());
            print_state(j, session.config());
        });
    c->add_flag("--check", o->check, tr("exit code 1 unless all is in order"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("The first line says whether all is in order or why not: orders that were refused or are only rehearsed, a "
           "feed\n"
           "that is stale or fails, a list that ends soon, a module that fails or runs another serial or saring.toml.\n"
           "Example: blocklist-tool status"));
}

}  // namespace saring::tool
