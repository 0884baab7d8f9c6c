#include "hitlog/filter.h"

#include "hitlog/client.h"

namespace saring::hitlog {

bool clients_meet(ByteView a, ByteView b) {
    if (a == b) return true;
    auto one = client_network(a), other = client_network(b);
    return one && other && (one->contains(*other) || other->contains(*one));
}

bool HitFilter::accepts(const Hit& h) const {
    if (h.time < since || h.time >= until) return false;
    if (!accepts_order(h.order)) return false;
    if (action && h.action != *action) return false;
    if (region && h.region != *region) return false;
    if (instance && h.instance != *instance) return false;
    if ((qtype && h.qtype != *qtype) || (transport && h.transport != *transport) || (trigger && h.trigger != *trigger))
        return false;
    if (match && !match->matches(h.qname.to_string()) && !match->matches(h.matched())) return false;
    if (client && !clients_meet(h.client, *client)) return false;
    return !name || h.qname.is_at_or_below(*name) ||
           (h.trigger != policy::Trigger::address && h.listed.is_at_or_below(*name));
}

}  // namespace saring::hitlog
