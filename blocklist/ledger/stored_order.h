// Parses an order's document from the database.
#pragma once

#include <string>

#include "ledger/records.h"
#include "order/order.h"

namespace saring::ledger {

// Only readable documents are stored, so an unreadable one is damage: throws Error(database).
order::Order stored_order(const Document& document, const std::string& id);

}  // namespace saring::ledger
