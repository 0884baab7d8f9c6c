#include "state/status_state.h"

#include "hits_view/hits_state.h"
#include "ledger/journal.h"
#include "ledger/lifts.h"
#include "ledger/quarantine.h"
#include "state/feed_states.h"
#include "state/image_state.h"
#include "state/list_states.h"
#include "state/safety_state.h"

namespace saring::tool {

Json database_state(Session& session, const ledger::Snapshot& s, UnixTime now) {
    Json states{{"active", 0}, {"upcoming", 0}, {"expired", 0}, {"revoked", 0}};
    std::vector<std::string> doubtful;  // in force, but without enough signatures of unrevoked keys
    std::uint64_t lifts = 0;
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        bool in_force = r.state(now) == policy::OrderState::active || r.state(now) == policy::OrderState::upcoming;
        if (in_force && !withstands_revocation(session.config().trust, r.signers, now)) doubtful.push_back(r.id);
        auto& n = states[to_string(r.state(now))];
        n = n.get<std::uint64_t>() + 1;
        lifts += r.state(now) == policy::OrderState::active && only_lifts(s, index, r);
    });
    Json j{{"database", session.config().database.path},
           {"schema", ledger::schema_version},
           {"serial", s.serial()},
           {"names", s.name_count()},
           {"addresses", s.address_count()},
           {"orders", states},
           {"active_lifts", lifts},
           {"quarantined", count_held(s.transaction(), s.tables(), now)},
           {"last_commit", nullptr}};
    if (auto last = last_journal(s.transaction(), s.tables()))
        j["last_commit"] = {{"serial", last->serial},          {"time", format_rfc3339(last->time)},
                            {"operator", last->operator_name}, {"command", last->command},
                            {"detail", last->detail},          {"orders", last->orders}};
    j["image"] = image_state(session.config());
    j["signed_by_revoked_keys"] = doubtful;
    j["lists"] = lists_json(session.config(), s, now);
    j["feeds"] = feeds_json(session.config(), s, now);
    return j;
}

StatusState status_state(Session& session, const Json& module, const ledger::Snapshot& s, UnixTime now) {
    StatusState out{database_state(session, s, now), {}};
    Json& j = out.json;
    j["safety"] = safety_state(session.config());
    j["hits"] = hits_state_or_error(session);
    j["module"] = module;
    j["in_order"] = true, j["concerns"] = Json::array();  // before references to other members are taken
    out.found = concerns({session.config(), s, j["feeds"], j["lists"], j["image"], j["module"], j["hits"], now});
    j["in_order"] = out.found.empty();
    j["concerns"] = concerns_json(out.found);
    return out;
}

}  // namespace saring::tool
