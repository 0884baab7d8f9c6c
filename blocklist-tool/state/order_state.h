// An order of the ledger as `order show --json` tells of it.
#pragma once

#include "ledger/snapshot.h"
#include "order/order.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {

// Throws Error(not_found).
policy::OrderIndex find_shown_order(const ledger::Snapshot& s, const std::string& id);
Json order_show_json(Session& session, const ledger::Snapshot& s, const std::string& id);

// All orders as `order list --json` lists them.
Json order_list_json(Session& session, const ledger::Snapshot& s, UnixTime now);

// International names among the targets, as people read them.
void add_readable(Json& j, const order::Order& order);

}  // namespace saring::tool
