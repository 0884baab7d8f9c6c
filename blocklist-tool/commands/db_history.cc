#include <algorithm>
#include <map>
#include <memory>

#include "base/time_text.h"
#include "input/name_argument.h"
#include "input/target_argument.h"
#include "ledger/journal.h"
#include "ledger/name_history.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {
namespace {

constexpr std::size_t orders_shown = 3;

struct DbHistoryOptions {
    std::string since, order, name;
    std::size_t limit = 50;
    bool json = false;
};

// Where --since begins: a serial, or a point in time.
struct Since {
    std::uint64_t serial = 0;
    UnixTime time = std::numeric_limits<UnixTime>::min();
};

Since parse_since(const std::string& text) {
    Since out;
    if (text.empty()) return out;
    if (text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos)
        out.serial = std::stoull(text);
    else
        out.time = parse_time(text, "--since", now_unix(), Towards::past);
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

std::string changes_text(const std::vector<const ledger::NameChange*>& changes) {
    std::string out;
    for (const auto* c : changes) {
        std::string target = c->target + (c->match == policy::Match::exact ? tr(" (only)") : "");
        std::string one = c->listed ? tr("order %1 lists %2", shown(c->order), target)
                          : c->by.empty()
                              ? tr("order %1 no longer lists %2", shown(c->order), target)
                              : tr("order %1 no longer lists %2: lifted by %3", shown(c->order), target, shown(c->by));
        out += (out.empty() ? "" : "; ") + one;
    }
    return out;
}

ledger::Asked asked_for(const std::string& text) {
    auto target = host_argument(text);
    if (is_prefix_text(target)) return {std::nullopt, Prefix::parse(target)};
    return {name_argument(target, "--name"), {}};
}

Json record_json(const ledger::JournalRecord& r) {
    return {{"serial", r.serial}, {"time", format_rfc3339(r.time)}, {"operator", r.operator_name}, {"command", r.command}, {"detail", r.detail},
            {"orders", r.orders}, {"names_added", r.names_added}, {"names_removed", r.names_removed},
            {"addresses_added", r.addresses_added}, {"addresses_removed", r.addresses_removed}, {"hash", hex(r.hash)}};
}

std::string signed_counts(std::uint64_t added, std::uint64_t removed) { return "+" + std::to_string(added) + " -" + std::to_string(removed); }

std::string orders_text(const std::vector<std::string>& ids) {
    std::string out;
    for (std::size_t i = 0; i < std::min(ids.size(), orders_shown); ++i) out += (i ? ", " : "") + shown(ids[i]);
    if (ids.size() > orders_shown) out += tr(" and %1 more", ids.size() - orders_shown);
    return out.empty() ? "-" : out;
}

void history(Session& session, const DbHistoryOptions& o) {
    auto since = parse_since(o.since);
    Reading reading(session.database());
    std::map<std::uint64_t, std::vector<const ledger::NameChange*>> of_name;
    std::vector<ledger::NameChange> changes;
    if (!o.name.empty())
        changes = name_changes(reading.snapshot, asked_for(o.name), since.serial ? since.serial - 1 : 0);
    for (const auto& c : changes) of_name[c.serial].push_back(&c);
    Json records = Json::array();
    std::vector<std::vector<std::string>> rows;
    std::size_t found = 0;
    bool more = false;
    each_journal_newest_first(reading.snapshot.transaction(), reading.snapshot.tables(), [&](const ledger::JournalRecord& r) {
        // Serials rise strictly; times need not, when a clock was set back.
        if (r.serial < since.serial) return false;
        if (r.time < since.time) return true;
        if (!o.order.empty() && std::find(r.orders.begin(), r.orders.end(), o.order) == r.orders.end()) return true;
        if (!o.name.empty() && !of_name.count(r.serial)) return true;
        if (o.limit && found == o.limit) {
            more = true;
            return false;
        }
        ++found;
        if (o.json) {
            records.push_back(record_json(r));
            if (!o.name.empty()) records.back()["changes"] = changes_json(of_name[r.serial]);
        } else if (!o.name.empty())
            rows.push_back({std::to_string(r.serial), shown_time(r.time), shown(r.operator_name), shown(r.command),
                            changes_text(of_name[r.serial]), shown(r.detail)});
        else
            rows.push_back({std::to_string(r.serial), shown_time(r.time), shown(r.operator_name), shown(r.command),
                            signed_counts(r.names_added, r.names_removed),
                            signed_counts(r.addresses_added, r.addresses_removed), orders_text(r.orders),
                            shown(r.detail)});
        return true;
    });
    if (found == 0 && (!o.order.empty() || !o.since.empty() || !o.name.empty())) session.exit_code = exit_no;
    if (o.json) return print_json({{"serial", reading.snapshot.serial()}, {"more", more}, {"records", records}});
    if (rows.empty()) return print(tr("no commits"));
    if (!o.name.empty())
        print_table({tr("SERIAL"), tr("TIME"), tr("OPERATOR"), tr("COMMAND"), tr("CHANGE"), tr("DETAIL")}, rows);
    else
        print_table({tr("SERIAL"), tr("TIME"), tr("OPERATOR"), tr("COMMAND"), tr("NAMES"), tr("ADDRESSES"),
                     tr("ORDERS"), tr("DETAIL")},
                    rows);
    if (more) print(tr("older ones are left out; see --limit"));
}

}  // namespace

void add_db_history(CLI::App& db, Session& session) {
    auto o = std::make_shared<DbHistoryOptions>();
    auto* c = add_listing(db, "history", tr("Who changed what when, the newest first"), [o, &session] { history(session, *o); });
    c->add_option("--since", o->since, tr("from this serial or time on"))->type_name("SERIAL|TIME");
    c->add_option("--limit", o->limit, tr("at most so many; 0: all"))->capture_default_str()->type_name("N");
    c->add_option("--order", o->order, tr("only commits that touched this order"))->type_name("ID");
    c->add_option("--name", o->name, tr("only commits that changed what orders say about this name or address"))
        ->type_name("NAME");
    c->add_flag("--json", o->json, tr("answer in JSON, each record with its hash"));
    c->footer(
        tr("Every commit is one record, chained to the one before by a hash; `db check` tells an\n"
           "altered or removed one. With --name it tells which order listed the name or one above it, and which no\n"
           "longer does, and why. TIME: 90d (before now), 2024-02-14, RFC 3339.\nExample: blocklist-tool db history "
           "--since 2024-02-01T00:00:00+07:00 --order B-1/2024"));
}

}  // namespace saring::tool
