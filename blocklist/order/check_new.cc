#include "order/check_new.h"

#include "base/error.h"
#include "geo/region_codes.h"

namespace saring::order {

void check_new_order(const Order& order, const std::string& source) {
    for (const auto& code : order.regions)
        if (geo::province_name(code).empty())
            throw Error(ErrorKind::usage, source,
                        msg("field regions: \"%1\" is not a region of Indonesia (ISO 3166-2:ID)", code),
                        msg("write e.g. %1; saring-order(5) lists all", geo::codes_near(code)));
    for (const char* own : {"list:", "local:"})
        if (order.id.rfind(own, 0) == 0)
            throw Error(ErrorKind::refused, msg("order %1", order.id),
                        msg("has an id that begins with %1, which is reserved for the ISP's own entries", own),
                        msg("issue it under the authority's number"));
    for (const auto& r : order.revokes)
        if (r.order == order.id)
            throw Error(ErrorKind::refused, source, msg("field revokes: the order lifts itself"),
                        msg("name the order that it lifts"));
    for (const auto& r : order.revokes)
        for (const char* own : {"list:", "local:"})
            if (r.order.rfind(own, 0) == 0)
                throw Error(
                    ErrorKind::refused, source, msg("field revokes: lifts \"%1\", which is the ISP's own", r.order),
                    msg("name orders only; the ISP itself lifts its own with `local remove` or `order revoke`"));
}

}  // namespace saring::order
