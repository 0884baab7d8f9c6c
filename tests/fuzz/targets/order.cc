// Order documents.
#include "order/order.h"
#include "../fuzz.h"

namespace saring::fuzz {

void one(ByteView input) {
    accepted(ErrorKind::usage, [&] {
        order::Order order = order::parse_order(input, "order.json");
        demand(!order.id.empty() && order.id.size() <= order::max_order_id, "an order without a sound id");
        demand(order.effective < order.expires, "an order that never holds");
        Bytes written = format_order(order);
        // An order that one program accepts and writes must be accepted by every other of the same version.
        order::Order again = order::parse_order(written, "order.json");
        demand(format_order(again) == written, "an order that reads otherwise than it was written");
        demand(again.domains.size() == order.domains.size() && again.addresses.size() == order.addresses.size() &&
                   again.revokes.size() == order.revokes.size(),
               "an order that loses targets when written");
    });
}

}  // namespace saring::fuzz
