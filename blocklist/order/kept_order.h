// Orders that the database has.
#pragma once

#include "order/order.h"

namespace saring::order {

// As parse_order(), of a document that was accepted before, perhaps by a version whose grammar of names was wider.
Order parse_kept_order(ByteView document, const std::string& source);

}  // namespace saring::order
