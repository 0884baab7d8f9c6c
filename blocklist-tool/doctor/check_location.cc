// Databases of locations, AS numbers and popular names, and whether orders need them.
#include "doctor/installation.h"
#include "geo/locator.h"
#include "safety/popular_names.h"
#include "state/safety_state.h"

namespace saring::tool {
namespace {

std::uint64_t regional_orders(Installation& i) {
    std::uint64_t n = 0;
    if (i.database)
        Reading(i.database).snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
            auto state = r.state(i.now);
            if (!r.regions.empty() && (state == policy::OrderState::active || state == policy::OrderState::upcoming))
                ++n;
        });
    return n;
}

void check_network_numbers(Installation& i, const std::string& check, const std::string& file,
                           const std::string& option) {
    if (file.empty()) return;
    try {
        geo::Mmdb opened(file, option);
        i.found.ok(check, msg("%1: can be read", file));
    } catch (const Error& e) { i.found.fail(check, e.subject() + ": " + e.why(), e.remedy()); }
}

// Without such a list, which is the default, only conf/never-block.txt protects well-known names.
void check_popular_lists(Installation& i) {
    const auto& safety = i.config->safety;
    if (safety.popular_lists.empty())
        return i.found.ok("safety.popular",
                          msg("no list of popular names is set: only never-block names are protected"));
    try {
        safety::PopularNames names(safety.popular_lists, safety.popular_rank);
        i.found.ok("safety.popular", msg("%1 protected that rank among the first %2",
                                         msgn("%1 name", "%1 names", names.size()), safety.popular_rank));
    } catch (const Error& e) { i.found.fail("safety.popular", e.subject() + ": " + e.why(), e.remedy()); }
}

}  // namespace

void check_location(Installation& i) {
    if (!i.config) return;
    const auto& region = i.config->region;
    auto orders = regional_orders(i);
    if (region.mmdb.empty() && region.prefix_table.empty()) {
        if (orders)
            i.found.fail("location.regions",
                         msg("%1 for some regions only, and no way to tell a client's region: %2",
                             msgn("%1 order", "%1 orders", orders),
                             region.unknown_is_inside ? msg("they hold everywhere") : msg("they hold nowhere")),
                         msg("in %1: [region] mmdb = \"FILE.mmdb\", or prefix_table = \"FILE\"", i.config->source));
        else i.found.ok("location.regions", msg("no order is limited to some regions"));
    } else {
        try {
            geo::Locator locator(region);
            i.found.ok("location.regions", msg("%1: can be read; %2 for some regions only",
                                               region.mmdb.empty() ? region.prefix_table : region.mmdb,
                                               msgn("%1 order", "%1 orders", orders)));
        } catch (const Error& e) { i.found.fail("location.regions", e.subject() + ": " + e.why(), e.remedy()); }
    }
    if (auto [what, remedy] = shared_networks_problem(*i.config); !what.empty())
        i.found.warn("location.safety", what, remedy);
    else check_network_numbers(i, "location.safety", i.config->safety.asn_mmdb, "safety.asn_mmdb");
    check_popular_lists(i);
    check_network_numbers(i, "location.hits", i.config->hits.asn_mmdb, "hits.asn_mmdb");
}

}  // namespace saring::tool
