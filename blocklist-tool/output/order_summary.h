// Prints a whole order for people who sign or read it; international names in both forms.
#pragma once

#include "order/order.h"
#include "output/output.h"

namespace saring::tool {

// "xn--bcher-kva.example (bücher.example)"
std::string name_for_people(const OwnerName& name);

void print_order_summary(const order::Order& order);

}  // namespace saring::tool
