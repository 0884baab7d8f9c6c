// What an order does here: its own action, else the one that saring.toml gives orders without one.
#pragma once

#include "policy/order_record.h"

namespace saring::policy {

inline Action effective_action(const OrderRecord& order, Action default_action) {
    return order.action.value_or(default_action);
}

// It is counted and logged, and blocks nothing.
inline bool is_rehearsal(const OrderRecord& order, Action default_action) {
    return effective_action(order, default_action) == Action::log;
}

}  // namespace saring::policy
