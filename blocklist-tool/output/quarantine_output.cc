#include "output/quarantine_output.h"

#include <algorithm>

namespace saring::tool {

Json held_json(const ledger::Held& h, const policy::OrderRecord& order, UnixTime now) {
    const auto& r = h.record;
    auto text_or_null = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
    return {{"order", order.id},
            {"kind", to_string(order.kind)},
            {"target", target_text(h.kind, h.key)},
            {"match", h.kind == ledger::HeldKind::name ? Json(to_string(r.match)) : Json(nullptr)},
            {"state", to_string(state_of(r, order, now))},
            {"rule", r.rule},
            {"why", r.why},
            {"since", format_rfc3339(r.since)},
            {"serial", r.serial},
            {"decided", r.decided == policy::never ? Json(nullptr) : Json(format_rfc3339(r.decided))},
            {"operator", text_or_null(r.by)},
            {"reason", text_or_null(r.reason)}};
}

Json held_json(const std::vector<ledger::HeldTarget>& held) {
    Json out = Json::array();
    for (const auto& h : held)
        out.push_back({{"target", target_text(h.kind, h.key)}, {"rule", h.rule}, {"why", h.why}});
    return out;
}

std::string state_word(ledger::HeldState state) {
    switch (state) {
        case ledger::HeldState::held: return tr("held");
        case ledger::HeldState::released: return tr("released");
        case ledger::HeldState::discarded: return tr("discarded");
        case ledger::HeldState::closed: return tr("closed");
    }
    return "?";
}

void complain_of_held(const std::string& whose, const std::vector<ledger::HeldTarget>& held) {
    constexpr std::size_t most = 100;
    for (std::size_t i = 0; i < std::min(held.size(), most); ++i) {
        const auto& h = held[i];
        complain(tr("%1: quarantined %2: %3: %4", whose,
                    h.kind == ledger::HeldKind::whole ? tr("all targets") : target_text(h.kind, h.key), h.rule, h.why));
    }
    if (held.size() > most)
        complain(tr("%1: quarantined %2 more (see: blocklist-tool quarantine list)", whose, held.size() - most));
}

void each_listed_held(const ledger::Snapshot& s, const std::string& order, bool all, UnixTime now,
                      const std::function<void(const ledger::Held&, const policy::OrderRecord&)>& visit) {
    auto each = [&](const ledger::Held& h) {
        auto record = s.order(h.order);
        if (all || state_of(h.record, record, now) == ledger::HeldState::held) visit(h, record);
    };
    if (order.empty()) return each_held(s.transaction(), s.tables(), each);
    auto index = s.find_order(order);
    if (!index)
        throw Error(ErrorKind::not_found, msg("order %1", order), msg("is not in the database"),
                    msg("see: blocklist-tool order list"));
    each_held(s.transaction(), s.tables(), *index, each);
}

Json held_list_json(const ledger::Snapshot& s, const std::string& order, bool all, UnixTime now) {
    Json items = Json::array();
    each_listed_held(s, order, all, now, [&](const ledger::Held& h, const policy::OrderRecord& record) {
        items.push_back(held_json(h, record, now));
    });
    return {{"serial", s.serial()}, {"targets", items}};
}

}  // namespace saring::tool
