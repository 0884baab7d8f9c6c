// Orders stored in the database.
#pragma once

#include "order/order.h"

namespace saring::order {

// As parse_order(), for a document that was accepted before, perhaps by a version with a wider grammar of names.
Order parse_stored_order(ByteView document, const std::string& source);

}  // namespace saring::order
