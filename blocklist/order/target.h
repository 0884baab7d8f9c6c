// What an order may name as a target, and why DNS cannot carry out the rest.
#pragma once

#include <string_view>

#include "order/order.h"

namespace saring::order {

// By the grammar of hostname/host_name.h, as written on purpose. Throws Error(usage) with the reason: a URL (a page
// cannot be blocked by DNS; the message names the host, for the ministry to decide), a wildcard, an address, a
// top-level domain, the root.
OwnerName parse_domain_target(std::string_view text, const std::string& field);

// Whether a target of that name and match covers the name.
inline bool covers(const OwnerName& target, policy::Match match, const OwnerName& name) {
    return name == target ? covers_itself(match) : covers_below(match) && name.is_at_or_below(target);
}

// From a document that the database has: orders that an earlier version accepted stay readable.
OwnerName parse_stored_domain(std::string_view text);

}  // namespace saring::order
