// Addresses with a meaning of their own (RFC 6890 and its registries): private networks,
// loopback, multicast, translation prefixes. An order that names one would hit the ISP's
// and its customers' own machines, not a site. The documentation prefixes (RFC 5737,
// RFC 3849) are not among them: they are nobody's, and rehearsals need some.
#pragma once

#include "net/prefix.h"

namespace saring::safety {

// What the first special prefix that overlaps is for; null when none does.
const char* special_use(const Prefix& prefix);

inline bool overlap(const Prefix& a, const Prefix& b) { return a.contains(b) || b.contains(a); }

}  // namespace saring::safety
