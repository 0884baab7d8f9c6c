#include "policy/decide_over.h"

#include <algorithm>

namespace saring::policy {

Disregarded against(const OrderRecord& o, const Entry& e, bool itself, const Circumstances& c) {
    if (c.now >= o.lifted) return Disregarded::revoked;
    if (c.now >= o.expires) return Disregarded::expired;
    if (c.now < o.effective) return Disregarded::upcoming;
    if (!itself && !covers_below(e.match)) return Disregarded::exact;
    if (itself && !covers_itself(e.match)) return Disregarded::below;
    if (!o.regions.empty() && !(c.region && c.region->holds(o.regions))) return Disregarded::region;
    return Disregarded::nothing;
}

Message why(Disregarded a, const OrderRecord& o) {
    switch (a) {
        case Disregarded::nothing: return msg("in force");
        case Disregarded::revoked: return msg("revoked %1 by %2", format_rfc3339(o.lifted), o.lifted_by);
        case Disregarded::expired: return msg("expired %1", format_rfc3339(o.expires));
        case Disregarded::upcoming: return msg("takes effect %1", format_rfc3339(o.effective));
        case Disregarded::exact: return msg("exact: covers the listed name only");
        case Disregarded::below: return msg("below: covers the names below the listed name only");
        case Disregarded::region: return msg("holds in other regions only");
    }
    return "?";
}

bool outranks(const OrderPrecedence& a, const OrderPrecedence& b) {
    return std::tie(a.passes, a.issued, a.index) > std::tie(b.passes, b.issued, b.index);
}

const char* to_string(Trigger t) {
    switch (t) {
        case Trigger::qname: return "qname";
        case Trigger::cname: return "cname";
        case Trigger::address: return "address";
    }
    return "?";
}

bool Region::holds(const std::vector<std::string>& wanted) const {
    return everywhere || std::any_of(codes.begin(), codes.end(), [&](const auto& code) {
               return std::find(wanted.begin(), wanted.end(), code) != wanted.end();
           });
}

}  // namespace saring::policy
