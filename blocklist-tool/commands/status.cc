#include <memory>

#include "feed_states.h"
#include "hits_state.h"
#include "list_states.h"
#include "module_state.h"
#include "output.h"
#include "safety_state.h"
#include "session.h"
#include "store/journal.h"
#include "store/quarantine.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

Json database_state(Session& session, UnixTime now) {
    Reading reading(session.database());
    const auto& s = reading.snapshot;
    Json states{{"active", 0}, {"upcoming", 0}, {"expired", 0}, {"revoked", 0}};
    std::vector<std::string> doubtful;  // in force, though revoked keys signed them
    s.each_order([&](OrderIndex, const OrderRecord& r) {
        bool in_force = r.state(now) == OrderState::active || r.state(now) == OrderState::upcoming;
        if (in_force && !withstands_revocation(session.config().trust, r.signers, now)) doubtful.push_back(r.id);
        auto& n = states[to_string(r.state(now))];
        n = n.get<std::uint64_t>() + 1;
    });
    Json j{{"database", session.config().database.path}, {"schema", schema_version}, {"serial", s.serial()},
           {"names", s.name_count()}, {"addresses", s.address_count()}, {"orders", states},
           {"quarantined", count_held(s.transaction(), s.tables(), now)}, {"last_commit", nullptr}};
    if (auto last = last_journal(s.transaction(), s.tables()))
        j["last_commit"] = {{"serial", last->serial}, {"time", format_rfc3339(last->time)}, {"operator", last->operator_name},
                            {"command", last->command}, {"detail", last->detail}, {"orders", last->orders}};
    j["signed_by_revoked_keys"] = doubtful;
    j["lists"] = lists_json(session.config(), s, now);
    j["feeds"] = feeds_json(session.config(), s, now);
    return j;
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
    auto json = std::make_shared<bool>(false);
    auto* c = add_command(app, "status", tr("Show what the database holds, when it last changed, and how the module fares"), [json, &session] {
        UnixTime now = now_unix();
        Json module = module_state(session.config(), now);
        Json j;
        try {
            j = database_state(session, now);
        } catch (const Error& e) {
            // How the module fares without its database is what one then wants to know.
            if (*json)
                print_json({{"database", session.config().database.path}, {"error", e.what()}, {"module", module}});
            else
                print_module_state(module);
            throw;
        }
        j["safety"] = safety_state(session.config());
        j["hits"] = hits_state_or_error(session);
        j["module"] = module;
        if (*json) return print_json(j);
        print(tr("database   %1, schema %2", shown(j["database"].get<std::string>()), schema_version));
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
        for (const auto& id : j["signed_by_revoked_keys"])
            print(tr("%1   order %2 rests on a revoked key: see `order list`, lift it with `order revoke`", toned(tr("DOUBTFUL"), Tone::warning),
                     shown(id.get<std::string>())));
        print_safety_state(session.config());
        for (const auto& l : j["lists"]) print_list(l);
        for (const auto& f : j["feeds"]) print_feed(f);
        print_module_state(module);
        print_hits_state(j["hits"], module);
    });
    c->add_flag("--json", *json, tr("answer in JSON"));
    c->footer(tr("Example: blocklist-tool status"));
}

}  // namespace saring::tool
