// The effective action of an order: its own, else the default in saring.toml.
#pragma once

#include "policy/order_record.h"

namespace saring::policy {

inline Action effective_action(const OrderRecord& order, Action default_action) {
    return order.action.value_or(default_action);
}

// Counted and logged, but not blocked.
inline bool is_rehearsal(const OrderRecord& order, Action default_action) {
    return effective_action(order, default_action) == Action::log;
}

}  // namespace saring::policy
