#include <memory>

#include "base/time_text.h"
#include "name/lookup_key.h"
#include "net/prefix.h"
#include "output/output.h"
#include "policy/entries.h"
#include "program/session.h"
#include "state/list_states.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

struct ListShowOptions {
    std::string list;
    std::size_t limit = 20;
    bool json = false;
};

struct ListedTargets {
    std::vector<std::pair<std::string, policy::Match>> targets;  // in the order of the ledger
    bool more = false;
};

// A list keeps no document: its targets are those entries of the ledger that bear its number.
ListedTargets targets_of(const ledger::Snapshot& s, policy::OrderIndex index, std::size_t limit) {
    ListedTargets out;
    auto add = [&](std::string text, policy::Match match) {
        out.more = limit && out.targets.size() == limit;
        if (!out.more) out.targets.emplace_back(std::move(text), match);
        return !out.more;
    };
    ledger::lmdb::Cursor names(s.transaction(), s.tables().names);
    for (auto item = names.first(); item; item = names.next())
        if (auto match = policy::match_of(item->value, index))
            if (!add(name_of_key(item->key).to_string(), *match)) return out;
    ledger::lmdb::Cursor addresses(s.transaction(), s.tables().addresses);
    for (auto item = addresses.first(); item; item = addresses.next())
        if (auto match = policy::match_of(item->value, index))
            if (!add(prefix_of_key(item->key).to_string(), *match)) return out;
    return out;
}

Json list_json(Session& session, const policy::OrderRecord& r, UnixTime now) {
    bool revoked = r.lifted != policy::never;
    return {{"list", r.id},
            {"authority", r.authority},
            {"category", r.category.empty() ? Json(nullptr) : Json(r.category)},
            {"action", r.action ? Json(to_string(*r.action)) : Json(nullptr)},
            {"effective_action", to_string(r.action.value_or(session.config().answer.action))},
            {"state", to_string(r.state(now))},
            {"names", r.names},
            {"addresses", r.addresses},
            {"changed", format_rfc3339(r.issued)},
            {"renewed", format_rfc3339(r.applied)},
            {"ends", format_rfc3339(r.expires)},
            {"removed", revoked ? Json(format_rfc3339(r.lifted)) : Json(nullptr)},
            {"removed_by", revoked ? Json(r.lifted_by) : Json(nullptr)},
            {"feed", feed_json_of_list(session.config(), r.id)}};
}

std::string state_text(const Json& l) {
    auto state = l["state"].get<std::string>();
    return tr(state.c_str());
}

void print_lists(const Json& lists) {
    if (lists.empty()) return print(tr("no lists"));
    std::vector<std::vector<std::string>> rows;
    for (const auto& l : lists)
        rows.push_back(
            {shown(l["list"].get<std::string>()), state_text(l), std::to_string(l["names"].get<std::uint64_t>()),
             std::to_string(l["addresses"].get<std::uint64_t>()), in_shown_zone(l["changed"].get<std::string>()),
             in_shown_zone(l["ends"].get<std::string>()), shown(l["authority"].get<std::string>())});
    print_table({tr("LIST"), tr("STATE"), tr("NAMES"), tr("ADDRESSES"), tr("CHANGED"), tr("ENDS"), tr("AUTHORITY")},
                rows);
}

void print_one(const Json& l) {
    auto line = [](const std::string& label, const std::string& text) { print(label + "  " + text); };
    auto text = [&](const char* member) { return shown(l[member].get<std::string>()); };
    line(tr("list      "), text("list"));
    line(tr("authority "), text("authority"));
    if (!l["category"].is_null()) line(tr("category  "), text("category"));
    line(tr("action    "), l["action"].is_null() ? tr("default (%1)", text("effective_action")) : text("action"));
    line(tr("state     "), state_text(l));
    if (!l["removed"].is_null())
        line(tr("removed   "), in_shown_zone(l["removed"].get<std::string>()) + ", " + text("removed_by"));
    line(tr("changed   "), in_shown_zone(l["changed"].get<std::string>()));
    line(tr("renewed   "), in_shown_zone(l["renewed"].get<std::string>()));
    line(tr("ends      "), in_shown_zone(l["ends"].get<std::string>()));
    if (!l["feed"].is_null()) line(tr("feed      "), text("feed"));
    line(tr("targets   "), trn("%1 name", "%1 names", l["names"].get<std::uint64_t>()) + ", " +
                               trn("%1 address", "%1 addresses", l["addresses"].get<std::uint64_t>()));
    for (const auto& t : l["targets"])
        print("  " + shown(t["target"].get<std::string>()) + (t["match"] == "exact" ? tr(" (only)") : ""));
    if (l["more"].get<bool>()) print(tr("more are left out; see --limit"));
}

void show_lists(Session& session, const ListShowOptions& o) {
    Reading reading(session.database());
    const auto& s = reading.snapshot;
    UnixTime now = now_unix();
    Json lists = Json::array();
    if (o.list.empty()) {
        s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
            if (r.kind == policy::OrderKind::list) lists.push_back(list_json(session, r, now));
        });
    } else {
        auto id = list_id(o.list);
        auto index = s.find_order(id);
        if (!index) throw no_such_list(id);
        auto one = list_json(session, s.order(*index), now);
        auto found = targets_of(s, *index, o.limit);
        one["targets"] = Json::array();
        for (const auto& [target, match] : found.targets)
            one["targets"].push_back({{"target", target}, {"match", to_string(match)}});
        one["more"] = found.more;
        lists.push_back(one);
    }
    if (o.json) return print_json({{"serial", s.serial()}, {"lists", lists}});
    if (o.list.empty()) print_lists(lists);
    else print_one(lists.front());
}

}  // namespace

void add_list_show(CLI::App& list, Session& session) {
    auto o = std::make_shared<ListShowOptions>();
    auto* c = add_listing(list, "show", tr("Show the lists in the database, or one with its targets"),
                          [o, &session] { show_lists(session, *o); });
    c->add_option("list", o->list, tr("its name, with or without list: before it; else all lists"))->type_name("LIST");
    c->add_option("-n,--limit", o->limit, tr("of one list: at most so many targets; 0: all"))
        ->capture_default_str()
        ->type_name("N");
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr("Example: blocklist-tool list show trustpositif --limit 100"));
}

}  // namespace saring::tool
