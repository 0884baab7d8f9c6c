// Names that an order may have as targets, and why DNS cannot block others.
#pragma once

#include <string_view>

#include "order/order.h"

namespace saring::order {

// Uses the grammar of hostname/host_name.h, for deliberately written names. Throws Error(usage) with the reason: a URL
// (DNS cannot block a page; the message names the host, so that the ministry can decide), a wildcard, an address, a
// top-level domain, the root.
OwnerName parse_domain_target(std::string_view text, const std::string& field);

// Whether a target with that name and match covers `name`.
inline bool covers(const OwnerName& target, policy::Match match, const OwnerName& name) {
    return name == target ? covers_itself(match) : covers_below(match) && name.is_at_or_below(target);
}

// From a document in the database: orders that an earlier version accepted stay readable.
OwnerName parse_stored_domain(std::string_view text);

}  // namespace saring::order
