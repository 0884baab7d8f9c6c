// An order as its signed document in the database tells it.
#pragma once

#include <string>

#include "order/order.h"
#include "store/records.h"

namespace saring {

// Nothing is stored that could not be read, so a document that cannot is damage: throws Error(database).
Order stored_order(const Document& document, const std::string& id);

}  // namespace saring
