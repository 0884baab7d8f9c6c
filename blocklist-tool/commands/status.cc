#include <memory>

#include "hits_view/hits_state.h"
#include "ledger/journal.h"
#include "ledger/quarantine.h"
#include "output/output.h"
#include "program/session.h"
#include "state/concerns.h"
#include "state/feed_states.h"
#include "state/list_states.h"
#include "state/image_state.h"
#include "state/module_state.h"
#include "state/safety_state.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

Json database_state(Session& session, const ledger::Snapshot& s, UnixTime now) {
    Json states{{"active", 0}, {"upcoming", 0}, {"expired", 0}, {"revoked", 0}};
    std::vector<std::string> doubtful;  // in force, though revoked keys signed them
    s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        bool in_force = r.state(now) == policy::OrderState::active || r.state(now) == policy::OrderState::upcoming;
        if (in_force && !withstands_revocation(session.config().trust, r.signers, now)) doubtful.push_back(r.id);
        auto& n = states[to_string(r.state(now))];
        n = n.get<std::uint64_t>() + 1;
    });
    Json j{{"database", session.config().database.path}, {"schema", ledger::schema_version}, {"serial", s.serial()},
           {"names", s.name_count()}, {"addresses", s.address_count()}, {"orders", states},
           {"quarantined", count_held(s.transaction(), s.tables(), now)}, {"last_commit", nullptr}};
    if (auto last = last_journal(s.transaction(), s.tables()))
        j["last_commit"] = {{"serial", last->serial}, {"time", format_rfc3339(last->time)}, {"operator", last->operator_name},
                            {"command", last->command}, {"detail", last->detail}, {"orders", last->orders}};
    j["image"] = image_state(session.config());
    j["signed_by_revoked_keys"] = doubtful;
    j["lists"] = lists_json(session.config(), s, now);
    j["feeds"] = feeds_json(session.config(), s, now);
    return j;
}

void print_state(const Json& j, const config::Config& config) {
    print(tr("database   %1, schema %2", shown(j["database"].get<std::string>()), ledger::schema_version));
    print(tr("serial     %1", j["serial"].dump()));
    print(tr("names      %1", j["names"].dump()));
    print(tr("addresses  %1", j["addresses"].dump()));
    std::string orders;
    for (const auto& [state, n] : j["orders"].items()) orders += (orders.empty() ? "" : ", ") + n.dump() + " " + tr(state.c_str());
    print(tr("orders     %1", orders));
    auto held = j["quarantined"].get<std::uint64_t>();
    print(tr("quarantine %1%2", held, held ? tr(" held (see: blocklist-tool quarantine list)") : tr(" held")));
    if (const auto& last = j["last_commit"]; !last.is_null())
        print(tr("last       %1, %2 by %3", last["time"].get<std::string>(), shown(last["command"].get<std::string>()), shown(last["operator"].get<std::string>())));
    print_image_state(j["image"]);
    for (const auto& id : j["signed_by_revoked_keys"])
        print(tr("%1   order %2 rests on a revoked key: see `order list`, lift it with `order revoke`", toned(tr("DOUBTFUL"), Tone::warning),
                 shown(id.get<std::string>())));
    print_safety_state(config);
    for (const auto& l : j["lists"]) print_list(l);
    for (const auto& f : j["feeds"]) print_feed(f);
    print_module_state(j["module"]);
    print_hits_state(j["hits"], j["module"]);
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
    struct StatusOptions {
        bool json = false, check = false;
    };
    auto o = std::make_shared<StatusOptions>();
    auto* c = add_command(app, "status", tr("Show whether all is in order, what the database holds, and how the module fares"), [o, &session] {
        UnixTime now = now_unix();
        Json module = module_state(session.config(), now);
        Json j;
        std::unique_ptr<Reading> reading;
        try {
            reading = std::make_unique<Reading>(session.database());
            j = database_state(session, reading->snapshot, now);
        } catch (const Error& e) {
            // How the module fares without its database is what one then wants to know.
            if (o->json)
                print_json({{"database", session.config().database.path}, {"error", e.what()}, {"module", module}});
            else {
                print(tr("status     %1: %2", toned(tr("ATTENTION"), Tone::bad), shown(translated(e.message()))));
                print_module_state(module);
            }
            throw;
        }
        j["safety"] = safety_state(session.config());
        j["hits"] = hits_state_or_error(session);
        j["module"] = module;
        j["in_order"] = true, j["concerns"] = Json::array();  // before anybody refers to the members
        const Fared fared{session.config(), reading->snapshot, j["feeds"], j["lists"], j["image"], j["module"], j["hits"], now};
        auto found = concerns(fared);
        j["in_order"] = found.empty();
        j["concerns"] = concerns_json(found);
        if (o->check && !found.empty()) session.exit_code = exit_no;
        if (o->json) return print_json(j);
        print_first_line(found, fared);
        print_state(j, session.config());
    });
    c->add_flag("--check", o->check, tr("exit code 1 unless all is in order"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr("The first line says whether all is in order; if not, why: orders that were refused or only rehearsed,\n"
                 "a feed that is stale or fails, a list that ends soon, a module that is not well or runs another serial or saring.toml.\n"
                 "Example: blocklist-tool status"));
}

}  // namespace saring::tool
