// An order as its signed document in the database tells it.
#pragma once

#include <string>

#include "ledger/records.h"
#include "order/order.h"

namespace saring::ledger {

// Nothing is stored that could not be read, so a document that cannot is damage: throws Error(database).
order::Order stored_order(const Document& document, const std::string& id);

}  // namespace saring::ledger
