#include "state/journal_state.h"

#include <algorithm>
#include <map>

#include "base/time_text.h"
#include "input/name_argument.h"
#include "input/target_argument.h"

namespace saring::tool {
namespace {

// --since: a serial or a time.
struct Since {
    std::uint64_t serial = 0;
    UnixTime time = std::numeric_limits<UnixTime>::min();
};

Since parse_since(const std::string& text) {
    Since out;
    if (text.empty()) return out;
    if (text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos) out.serial = std::stoull(text);
    else out.time = parse_time(text, "--since", now_unix(), TimeDirection::past);
    return out;
}

Json changes_json(const std::vector<const ledger::NameChange*>& changes) {
    Json out = Json::array();
    for (const auto* c : changes)
        out.push_back({{"change", c->listed ? "listed" : "removed"},
                       {"order", c->order},
                       {"target", c->target},
                       {"match", to_string(c->match)},
                       {"lifted_by", c->by.empty() ? Json(nullptr) : Json(c->by)}});
    return out;
}

Json record_json(const ledger::JournalRecord& r) {
    return {{"serial", r.serial},
            {"time", format_rfc3339(r.time)},
            {"operator", r.operator_name},
            {"command", r.command},
            {"detail", r.detail},
            {"orders", r.orders},
            {"names_added", r.names_added},
            {"names_removed", r.names_removed},
            {"addresses_added", r.addresses_added},
            {"addresses_removed", r.addresses_removed},
            {"hash", hex(r.hash)}};
}

}  // namespace

ledger::HistoryTarget asked_for(const std::string& text) {
    auto target = host_argument(text);
    if (is_prefix_text(target)) return {std::nullopt, Prefix::parse(target)};
    return {name_argument(target, "--name"), {}};
}

bool each_history(
    const ledger::Snapshot& s, const HistoryQuery& q,
    const std::function<void(const ledger::JournalRecord&, const std::vector<const ledger::NameChange*>&)>& visit) {
    auto since = parse_since(q.since);
    std::map<std::uint64_t, std::vector<const ledger::NameChange*>> of_name;
    std::vector<ledger::NameChange> changes;
    if (!q.name.empty()) changes = name_changes(s, asked_for(q.name), since.serial ? since.serial - 1 : 0);
    for (const auto& c : changes) of_name[c.serial].push_back(&c);
    std::size_t found = 0;
    bool more = false;
    each_journal_newest_first(s.transaction(), s.tables(), [&](const ledger::JournalRecord& r) {
        // Serials always rise; times may not, if the clock was set back.
        if (r.serial < since.serial) return false;
        if (r.time < since.time || (q.before && r.serial >= q.before)) return true;
        if (!q.order.empty() && std::find(r.orders.begin(), r.orders.end(), q.order) == r.orders.end()) return true;
        if (!q.name.empty() && !of_name.count(r.serial)) return true;
        if (q.limit && found == q.limit) {
            more = true;
            return false;
        }
        ++found;
        visit(r, q.name.empty() ? std::vector<const ledger::NameChange*>{} : of_name[r.serial]);
        return true;
    });
    return more;
}

Json history_json(const ledger::Snapshot& s, const HistoryQuery& q) {
    Json records = Json::array();
    bool more =
        each_history(s, q, [&](const ledger::JournalRecord& r, const std::vector<const ledger::NameChange*>& changes) {
            records.push_back(record_json(r));
            if (!q.name.empty()) records.back()["changes"] = changes_json(changes);
        });
    return {{"serial", s.serial()}, {"more", more}, {"records", records}};
}

}  // namespace saring::tool
