// Where in Unbound's module-config the module can do its work. Modules in front of it
// see a query first and its answer last, so in front must be none that
//   keeps answers of its own (subnetcache, cachedb, iterator): a block would not reach them,
//   asks for itself (dns64): its sub-queries have no client and are not blocked,
//   checks signatures (validator): a block under a signed name would become SERVFAIL.
#pragma once

namespace saring::config {

// `chain` as in unbound.conf, `position` from 0. Throws Error(usage) naming the
// module that is in the way.
void require_place_in_chain(const char* chain, int position);

}  // namespace saring::config
