// Special-purpose addresses (RFC 6890 and its registries): private networks, loopback, multicast, translation prefixes.
// An order for one would affect machines of the ISP and its customers, not a site. The documentation prefixes (RFC
// 5737, RFC 3849) are not included: nobody uses them, and rehearsals need some.
#pragma once

#include "net/prefix.h"

namespace saring::safety {

// The purpose of the first special prefix that overlaps; null when none does.
const char* special_use(const Prefix& prefix);

inline bool overlap(const Prefix& a, const Prefix& b) { return a.contains(b) || b.contains(a); }

}  // namespace saring::safety
