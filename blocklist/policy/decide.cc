#include "policy/decide_over.h"

#include <algorithm>

namespace saring::policy {

Against against(const OrderRecord& o, const Entry& e, bool itself, const Circumstances& c) {
    if (c.now >= o.lifted) return Against::revoked;
    if (c.now >= o.expires) return Against::expired;
    if (c.now < o.effective) return Against::upcoming;
    if (!itself && !covers_below(e.match)) return Against::exact;
    if (itself && !covers_itself(e.match)) return Against::below;
    if (!o.regions.empty() && !(c.region && c.region->holds(o.regions))) return Against::region;
    return Against::nothing;
}

Message why(Against a, const OrderRecord& o) {
    switch (a) {
        case Against::nothing: return msg("in force");
        case Against::revoked: return msg("revoked %1 by %2", format_rfc3339(o.lifted), o.lifted_by);
        case Against::expired: return msg("expired %1", format_rfc3339(o.expires));
        case Against::upcoming: return msg("takes effect %1", format_rfc3339(o.effective));
        case Against::exact: return msg("exact: covers the listed name only");
        case Against::below: return msg("below: covers the names below the listed name only");
        case Against::region: return msg("holds in other regions only");
    }
    return "?";
}

bool outranks(const Standing& a, const Standing& b) {
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
