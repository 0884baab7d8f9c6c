// A safety rule's objection to a target. The rule's name appears in the quarantine and in receipts, and people search
// for it; never rename one.
//
//   never-block         the target is a protected name (never-block file)
//   above-never-block   its subtree contains a never-block name
//   below-never-block   it is below a name that protects all names below it
//   shared-host         it is, or is below, a host with many unrelated people's content under one name
//   popular             it is, or its subtree contains, a name that ranks high in safety.popular_lists
//   own-name            it is, or contains, the landing page, a feed or the resolver
//   public-suffix       it is a suffix under which people register names
//   shared-suffix       its subtree is a suffix that a host lends to unrelated people
//   above-suffix        its subtree contains such a suffix
//   never-block-address it overlaps a protected prefix or the landing page
//   special-address     it overlaps addresses that are private or have a special meaning
//   wide-prefix         it is shorter than the configuration allows
//   shared-network      it is in a network that many unrelated sites share
//   unknown-network     its network is unknown: there is no ASN data (safety.asn_mmdb)
//   too-many-targets    the whole order has more targets than the configuration allows
//   too-long            the whole order lasts longer than the configuration allows
//   large-change        the whole list changed by more than is allowed at once
#pragma once

#include <string>

namespace saring::safety {

struct Finding {
    std::string rule;
    std::string why;
};

}  // namespace saring::safety
