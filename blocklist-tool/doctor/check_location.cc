// Databases that tell where an address is, and which orders need them.
#include "doctor/installation.h"
#include "geo/locator.h"

namespace saring::tool {
namespace {

std::uint64_t regional_orders(Installation& i) {
    std::uint64_t n = 0;
    if (i.database)
        Reading(i.database).snapshot.each_order([&](OrderIndex, const OrderRecord& r) {
            auto state = r.state(i.now);
            if (!r.regions.empty() && (state == OrderState::active || state == OrderState::upcoming)) ++n;
        });
    return n;
}

void check_network_numbers(Installation& i, const std::string& check, const std::string& file, const std::string& option) {
    if (file.empty()) return;
    try {
        Mmdb opened(file, option);
        i.found.ok(check, msg("%1: can be read", file));
    } catch (const Error& e) {
        i.found.fail(check, e.subject() + ": " + e.why(), e.remedy());
    }
}

}  // namespace

void check_location(Installation& i) {
    if (!i.config) return;
    const auto& region = i.config->region;
    auto orders = regional_orders(i);
    if (region.mmdb.empty() && region.prefix_table.empty()) {
        if (orders)
            i.found.fail("location.regions", msg("%1 for some regions only, and no way to tell a client's region: %2", msgn("%1 order", "%1 orders", orders),
                                                 region.unknown_is_inside ? msg("they hold everywhere") : msg("they hold nowhere")),
                         msg("in %1: [region] mmdb = \"FILE.mmdb\", or prefix_table = \"FILE\"", i.config->source));
        else
            i.found.ok("location.regions", msg("no order is for some regions only"));
    } else {
        try {
            Locator locator(region);
            i.found.ok("location.regions", msg("%1: can be read; %2 for some regions only", region.mmdb.empty() ? region.prefix_table : region.mmdb,
                                               msgn("%1 order", "%1 orders", orders)));
        } catch (const Error& e) {
            i.found.fail("location.regions", e.subject() + ": " + e.why(), e.remedy());
        }
    }
    check_network_numbers(i, "location.safety", i.config->safety.asn_mmdb, "safety.asn_mmdb");
    check_network_numbers(i, "location.hits", i.config->hits.asn_mmdb, "hits.asn_mmdb");
}

}  // namespace saring::tool
