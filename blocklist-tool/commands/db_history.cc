#include <algorithm>
#include <memory>

#include "output.h"
#include "session.h"
#include "store/journal.h"

namespace saring::tool {
namespace {

constexpr std::size_t orders_shown = 3;

struct Options {
    std::string since, order;
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
        out.time = parse_rfc3339(text, "--since");
    return out;
}

Json record_json(const JournalRecord& r) {
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

void history(Session& session, const Options& o) {
    auto since = parse_since(o.since);
    Reading reading(session.database());
    Json records = Json::array();
    std::vector<std::vector<std::string>> rows;
    std::size_t found = 0;
    bool more = false;
    each_journal_newest_first(reading.snapshot.transaction(), reading.snapshot.tables(), [&](const JournalRecord& r) {
        // Serials rise strictly; times need not, when a clock was set back.
        if (r.serial < since.serial) return false;
        if (r.time < since.time) return true;
        if (!o.order.empty() && std::find(r.orders.begin(), r.orders.end(), o.order) == r.orders.end()) return true;
        if (o.limit && found == o.limit) {
            more = true;
            return false;
        }
        ++found;
        if (o.json)
            records.push_back(record_json(r));
        else
            rows.push_back({std::to_string(r.serial), format_rfc3339(r.time), shown(r.operator_name), shown(r.command), signed_counts(r.names_added, r.names_removed),
                            signed_counts(r.addresses_added, r.addresses_removed), orders_text(r.orders), shown(r.detail)});
        return true;
    });
    if (found == 0 && (!o.order.empty() || !o.since.empty())) session.exit_code = exit_no;
    if (o.json) return print_json({{"serial", reading.snapshot.serial()}, {"more", more}, {"records", records}});
    if (rows.empty()) return print(tr("no commits"));
    print_table({tr("SERIAL"), tr("TIME"), tr("OPERATOR"), tr("COMMAND"), tr("NAMES"), tr("ADDRESSES"), tr("ORDERS"), tr("DETAIL")}, rows);
    if (more) print(tr("older ones are left out; see --limit"));
}

}  // namespace

void add_db_history(CLI::App& db, Session& session) {
    auto o = std::make_shared<Options>();
    auto* c = add_listing(db, "history", tr("Who changed what when, the newest first"), [o, &session] { history(session, *o); });
    c->add_option("--since", o->since, tr("from this serial or time on"))->type_name("SERIAL|TIME");
    c->add_option("--limit", o->limit, tr("at most so many; 0: all"))->capture_default_str()->type_name("N");
    c->add_option("--order", o->order, tr("only commits that touched this order"))->type_name("ID");
    c->add_flag("--json", o->json, tr("answer in JSON, each record with its hash"));
    c->footer(tr("Every commit is one record, chained to the one before by a hash; `db check` tells an\n"
              "altered or removed one.\nExample: blocklist-tool db history --since 2024-02-01T00:00:00+07:00 --order B-1/2024"));
}

}  // namespace saring::tool
