// Orders of the database as JSON, for `order show` and `order list`.
#pragma once

#include "ledger/snapshot.h"
#include "order/order.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {

// Throws Error(not_found).
policy::OrderIndex find_shown_order(const ledger::Snapshot& s, const std::string& id);
Json order_show_json(Session& session, const ledger::Snapshot& s, const std::string& id);

// Targets of an order, or changes of a list, that wait for a decision.
struct HeldTargets {
    std::uint64_t count = 0;
    bool all = false;  // the order as a whole: nothing of it is in force
};
HeldTargets held_targets(const ledger::Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& record,
                         UnixTime now);

// An order of `order list --json`.
Json listed_order_json(Session& session, const ledger::Snapshot& s, policy::OrderIndex index,
                       const policy::OrderRecord& record, UnixTime now);
// All orders, as in `order list --json`.
Json order_list_json(Session& session, const ledger::Snapshot& s, UnixTime now);

// Adds the readable form of international names among the targets.
void add_readable(Json& j, const order::Order& order);

}  // namespace saring::tool
