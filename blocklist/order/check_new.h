// Checks of new orders beyond their form. Stored orders are not checked again, so that orders which an earlier version
// accepted can still be read and revoked.
#pragma once

#include "order/order.h"

namespace saring::order {

// Throws, naming `source`, field and value: Error(usage) for a region that is not in ISO 3166-2:ID, since the order
// would block nobody; Error(refused) for an id of the ISP's own entries, a lift of itself, and a lift of the ISP's own
// entries or of a list, which no order may lift.
void check_new_order(const Order& order, const std::string& source);

}  // namespace saring::order
