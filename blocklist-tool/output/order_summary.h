// What an order says, for people who are to sign it or to look at it: all of it, names as they are read beside the
// form that the DNS has.
#pragma once

#include "order/order.h"
#include "output/output.h"

namespace saring::tool {

// "xn--bcher-kva.example (bücher.example)"
std::string name_for_people(const OwnerName& name);

void print_order_summary(const order::Order& order);

}  // namespace saring::tool
