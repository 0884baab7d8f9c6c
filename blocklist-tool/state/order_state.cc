#include "state/order_state.h"

#include "hostname/idn.h"
#include "ledger/quarantine.h"
#include "ledger/stored_order.h"
#include "output/lift_output.h"

namespace saring::tool {
namespace {

Json lifted_json(const std::vector<ledger::LiftedName>& lifted) {
    Json out = Json::array();
    for (const auto& l : lifted)
        out.push_back({{"name", l.name.to_string()}, {"lifted", format_rfc3339(l.lifted)}, {"by", l.by}});
    return out;
}

}  // namespace

void add_readable(Json& j, const order::Order& order) {
    for (const auto& d : order.domains)
        if (auto text = hostname::readable_name(d.name); !text.empty()) j["readable_names"][d.name.to_string()] = text;
}

policy::OrderIndex find_shown_order(const ledger::Snapshot& s, const std::string& id) {
    auto index = s.find_order(id);
    if (!index)
        throw Error(ErrorKind::not_found, msg("order %1", id), msg("is not in the database"),
                    msg("see: blocklist-tool order list; a file is shown by its path"));
    return *index;
}

HeldTargets held_targets(const ledger::Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& record,
                         UnixTime now) {
    HeldTargets out;
    each_held(s.transaction(), s.tables(), index, [&](const ledger::Held& h) {
        if (state_of(h.record, record, now) != ledger::HeldState::held) return;
        ++out.count;
        out.all = out.all || (h.kind == ledger::HeldKind::whole && record.kind != policy::OrderKind::list);
    });
    return out;
}

Json listed_order_json(Session& session, const ledger::Snapshot& s, policy::OrderIndex index,
                       const policy::OrderRecord& record, UnixTime now) {
    Json j = order_json(record, now, session.config().answer.action);
    j["held"] = held_targets(s, index, record, now).count;
    return j;
}

Json order_show_json(Session& session, const ledger::Snapshot& s, const std::string& id) {
    auto index = find_shown_order(s, id);
    Json j = listed_order_json(session, s, index, s.order(index), now_unix());
    auto document = s.document(index);
    auto lifted = lifted_names(s, index);
    auto idle = idle_lifts(s, index);
    if (!lifted.empty()) j["lifted_names"] = lifted_json(lifted);
    if (!idle.empty()) j["idle_lifts"] = idle_lifts_json(idle);
    if (document) add_readable(j, ledger::stored_order(*document, id));
    j["document"] = document ? Json::parse(document->content, nullptr, false) : Json(nullptr);
    return j;
}

Json order_list_json(Session& session, const ledger::Snapshot& s, UnixTime now) {
    Json orders = Json::array();
    s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        orders.push_back(listed_order_json(session, s, index, r, now));
    });
    return {{"serial", s.serial()}, {"orders", orders}};
}

}  // namespace saring::tool
