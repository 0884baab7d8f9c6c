// What an order that is written or arrives must keep to beyond its form. Orders in the database are not asked again,
// so that what an earlier version took can still be read and revoked.
#pragma once

#include "order/order.h"

namespace saring::order {

// Throws, naming `source`, field and value: Error(usage) for a region that is none by ISO 3166-2:ID, since an order
// for it would block nobody; Error(refused) for a lift of the ISP's own entries or of a list, which no order may lift.
void check_new_order(const Order& order, const std::string& source);

}  // namespace saring::order
