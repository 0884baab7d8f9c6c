#include "policy/order_record.h"

namespace saring::policy {

const char* to_string(OrderState s) {
    switch (s) {
        case OrderState::active: return "active";
        case OrderState::upcoming: return "upcoming";
        case OrderState::expired: return "expired";
        case OrderState::revoked: return "revoked";
    }
    return "?";
}

const char* to_string(OrderKind k) {
    switch (k) {
        case OrderKind::order: return "order";
        case OrderKind::list: return "list";
        case OrderKind::local: return "local";
    }
    return "?";
}

OrderState OrderRecord::state(UnixTime now) const {
    if (now >= lifted) return OrderState::revoked;
    if (now >= expires) return OrderState::expired;
    return now < effective ? OrderState::upcoming : OrderState::active;
}

}  // namespace saring::policy
