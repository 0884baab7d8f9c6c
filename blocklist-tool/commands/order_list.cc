#include <memory>

#include "base/time_text.h"
#include "output/output.h"
#include "policy/rehearsal.h"
#include "program/session.h"
#include "state/order_state.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

struct ListOptions {
    bool active = false, upcoming = false, expired = false, revoked = false, json = false;
    std::optional<unsigned> due_days;
    bool any() const { return active || upcoming || expired || revoked || due_days; }
};

// Active or upcoming, with a deadline that has passed or comes within `days`.
bool is_due(const policy::OrderRecord& r, unsigned days, UnixTime now) {
    auto state = r.state(now);
    return (state == policy::OrderState::active || state == policy::OrderState::upcoming) &&
           r.deadline != policy::never && r.deadline - now <= days * day_seconds;
}

bool wanted(const ListOptions& o, const policy::OrderRecord& r, UnixTime now) {
    if (!o.any()) return true;
    if (o.due_days && is_due(r, *o.due_days, now)) return true;
    switch (r.state(now)) {
        case policy::OrderState::active: return o.active;
        case policy::OrderState::upcoming: return o.upcoming;
        case policy::OrderState::expired: return o.expired;
        case policy::OrderState::revoked: return o.revoked;
    }
    return false;
}

std::string held_note(const HeldTargets& held) {
    return held.count == 0 ? "" : held.all ? tr(", all held") : tr(", %1 held", held.count);
}

void list_orders(Session& session, const ListOptions& o) {
    Reading reading(session.database());
    const config::Config& config = session.config();
    UnixTime now = now_unix();
    std::uint64_t rehearsed = 0;
    Json orders = Json::array();
    std::vector<std::vector<std::string>> rows;
    reading.snapshot.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
        if (!wanted(o, r, now)) return;
        if (o.json) return orders.push_back(listed_order_json(session, reading.snapshot, index, r, now));
        bool rehearsal = is_rehearsal(r, config.answer.action);
        rehearsed += rehearsal && r.in_force(now);
        std::string deadline = "-";
        if (r.deadline != policy::never)
            deadline = shown_time(r.deadline) + (rehearsal          ? tr(" REHEARSAL")
                                                 : r.deadline_met() ? tr(" met")
                                                                    : tr(" MISSED"));
        rows.push_back({state_word(r.state(now)) + held_note(held_targets(reading.snapshot, index, r, now)),
                        shown(r.id), shown(r.authority), shown_time(r.effective), shown_end(r.expires), deadline,
                        r.action ? to_string(*r.action) : tr("default (%1)", to_string(config.answer.action)),
                        std::to_string(r.names), std::to_string(r.addresses)});
    });
    if (o.any() && rows.empty() && orders.empty()) session.exit_code = exit_no;
    if (o.json) return print_json({{"serial", reading.snapshot.serial()}, {"orders", orders}});
    if (rows.empty()) return print(o.any() ? tr("no such orders") : tr("no orders"));
    print_table({tr("STATE"), tr("ORDER"), tr("AUTHORITY"), tr("EFFECTIVE"), tr("EXPIRES"), tr("DEADLINE"),
                 tr("ACTION"), tr("NAMES"), tr("ADDRESSES")},
                rows);
    if (rehearsed)
        print(toned(tr("REHEARSAL"), Tone::bad) + ": " +
              trn("%1 of these in force blocks nothing (action log)", "%1 of these in force block nothing (action log)",
                  rehearsed));
}

}  // namespace

void add_order_list(CLI::App& parent, Session& session) {
    auto o = std::make_shared<ListOptions>();
    auto* list =
        add_listing(parent, "list", tr("List the orders in the database"), [o, &session] { list_orders(session, *o); });
    list->add_flag("--active", o->active, tr("orders in force now"));
    list->add_flag("--upcoming", o->upcoming, tr("orders that begin later"));
    list->add_flag("--expired", o->expired, tr("orders that have expired"));
    list->add_flag("--revoked", o->revoked, tr("orders that were lifted"));
    list->add_option("--due", o->due_days,
                     tr("orders whose deadline has passed or comes within DAYS, 7 if DAYS is left out"))
        ->expected(0, 1)
        ->default_str("7")
        ->type_name("DAYS")
        ->check(CLI::Range(0u, 36500u));
    list->add_flag("--json", o->json, tr("answer in JSON"));
    list->footer(
        tr("Several filters show the orders that match any of them. With a filter, exit code 1 means that no order "
           "matches.\n"
           "\"held\" beside the state: targets wait for a decision, see `quarantine list`.\n"
           "A deadline is met if the order was applied by then and is not a rehearsal.\n"
           "Example: blocklist-tool order list --due 3"));
}

}  // namespace saring::tool
