// Orders in force that block nothing because their action, or else answer.action, is log.
#include "doctor/installation.h"
#include "policy/rehearsal.h"

namespace saring::tool {

void check_rehearsal(Installation& i) {
    if (!i.database) return;
    Reading reading(i.database);
    std::uint64_t in_force = 0, rehearsed = 0;
    std::string first;
    reading.snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        if (!r.in_force(i.now)) return;
        ++in_force;
        if (!is_rehearsal(r, i.config->answer.action)) return;
        if (rehearsed++ == 0) first = r.id;
    });
    if (rehearsed == 0)
        return i.found.ok("orders.rehearsal",
                          msg("%1 in force, none only rehearsed", msgn("%1 order", "%1 orders", in_force)));
    Message remedy = i.config->answer.action == policy::Action::log
                         ? msg("in %1: [answer] action = \"nxdomain\"; then unbound-control reload", i.config->source)
                         : msg("blocklist-tool order list; the ministry issues an order with another action");
    i.found.warn("orders.rehearsal",
                 msg("REHEARSAL: %1 of %2 in force block nothing (action log), e.g. %3", rehearsed,
                     msgn("%1 order", "%1 orders", in_force), first),
                 remedy);
}

}  // namespace saring::tool
