// The module's allowed positions in Unbound's module-config. A module in front of it sees the query first and the
// answer last, so none of these may be in front:
//   modules that cache answers (subnetcache, cachedb, iterator): they would answer before the block,
//   modules that send sub-queries (dns64): those have no client and are not blocked,
//   the validator: a block under a signed name would become SERVFAIL.
#pragma once

namespace saring::config {

// `chain` as in unbound.conf; `position` counts from 0. Throws Error(usage) naming the module in front.
void require_place_in_chain(const char* chain, int position);

}  // namespace saring::config
