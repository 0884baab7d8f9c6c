#include <algorithm>
#include <memory>

#include "base/time_text.h"
#include "output/output.h"
#include "program/session.h"
#include "state/journal_state.h"

namespace saring::tool {
namespace {

constexpr std::size_t orders_shown = 3;

struct DbHistoryOptions : HistoryQuery {
    bool json = false;
};

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

std::string signed_counts(std::uint64_t added, std::uint64_t removed) {
    return "+" + std::to_string(added) + " -" + std::to_string(removed);
}

std::string orders_text(const std::vector<std::string>& ids) {
    std::string out;
    for (std::size_t i = 0; i < std::min(ids.size(), orders_shown); ++i) out += (i ? ", " : "") + shown(ids[i]);
    if (ids.size() > orders_shown) out += tr(" and %1 more", ids.size() - orders_shown);
    return out.empty() ? "-" : out;
}

void history(Session& session, const DbHistoryOptions& o) {
    Reading reading(session.database());
    if (o.json) {
        Json j = history_json(reading.snapshot, o);
        if (j["records"].empty() && o.is_filtered()) session.exit_code = exit_no;
        return print_json(j);
    }
    std::vector<std::vector<std::string>> rows;
    bool more =
        each_history(reading.snapshot, o,
                     [&](const ledger::JournalRecord& r, const std::vector<const ledger::NameChange*>& changes) {
                         if (!o.name.empty())
                             rows.push_back({std::to_string(r.serial), shown_time(r.time), shown(r.operator_name),
                                             shown(r.command), changes_text(changes), shown(r.detail)});
                         else
                             rows.push_back({std::to_string(r.serial), shown_time(r.time), shown(r.operator_name),
                                             shown(r.command), signed_counts(r.names_added, r.names_removed),
                                             signed_counts(r.addresses_added, r.addresses_removed),
                                             orders_text(r.orders), shown(r.detail)});
                     });
    if (rows.empty() && o.is_filtered()) session.exit_code = exit_no;
    if (rows.empty()) return print(tr("no commits"));
    if (!o.name.empty())
        print_table({tr("SERIAL"), tr("TIME"), tr("OPERATOR"), tr("COMMAND"), tr("CHANGE"), tr("DETAIL")}, rows);
    else
        print_table({tr("SERIAL"), tr("TIME"), tr("OPERATOR"), tr("COMMAND"), tr("NAMES"), tr("ADDRESSES"),
                     tr("ORDERS"), tr("DETAIL")},
                    rows);
    if (more) print(tr("older commits are not shown; see --limit"));
}

}  // namespace

void add_db_history(CLI::App& db, Session& session) {
    auto o = std::make_shared<DbHistoryOptions>();
    auto* c = add_listing(db, "history", tr("Show who changed what and when, newest first"),
                          [o, &session] { history(session, *o); });
    c->add_option("--since", o->since, tr("start at this serial or time"))->type_name("SERIAL|TIME");
    c->add_option("-n,--limit", o->limit, tr("show at most N commits; 0: all"))->capture_default_str()->type_name("N");
    c->add_option("--order", o->order, tr("only commits that changed this order"))->type_name("ID");
    c->add_option("--name", o->name, tr("only commits that changed what orders say about this name or address"))
        ->type_name("NAME");
    c->add_flag("--json", o->json, tr("answer in JSON, each record with its hash"));
    c->footer(tr(
        "Each commit is one record, chained to the previous one by a hash; `db check` detects an altered or removed\n"
        "record. With --name it shows which order listed the name or a name above it, which order no longer does,\n"
        "and why. TIME: 90d (before now), 2024-02-14, RFC 3339.\n"
        "Example: blocklist-tool db history --since 2024-02-01T00:00:00+07:00 --order B-1/2024"));
}

}  // namespace saring::tool
