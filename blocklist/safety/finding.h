// What a rule says against a target. The rule's name is what people search for, what
// the quarantine keeps and what receipts carry; do not rename one.
//
//   never-block         it is a name that is never blocked
//   above-never-block   its subtree would take a never-block name along
//   below-never-block   it lies below a name under which nothing is blocked
//   shared-host         it is, or lies below, a host that carries many unrelated people's content under one name
//   popular             it is, or its subtree would take along, a name that ranks high in safety.popular_lists
//   own-name            it is, or would take along, the landing page, a feed or the resolver
//   public-suffix       it is a suffix under which people register their names
//   shared-suffix       its subtree is a suffix that a host lends to unrelated people
//   above-suffix        its subtree would take such a suffix along
//   never-block-address it overlaps a prefix that is never blocked, or the landing page
//   special-address     it overlaps addresses that are private or have a special meaning
//   wide-prefix         it is shorter than the configuration allows
//   shared-network      it lies in a network where many unrelated sites live
//   unknown-network     nothing tells whether it does: there is no ASN data (safety.asn_mmdb)
//   too-many-targets    the order as a whole: more targets than the configuration allows
//   too-long            the order as a whole: it holds longer than the configuration allows
//   large-change        a list as a whole: more of it changed at once than is allowed
#pragma once

#include <string>

namespace saring::safety {

struct Finding {
    std::string rule;
    std::string why;
};

}  // namespace saring::safety
