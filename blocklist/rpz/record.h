// One record of a response policy zone (RPZ), interpreted as a statement about names.
//
// Vocabulary (draft-vixie-dnsop-dns-rpz): the owner name without the zone's apex is the trigger, the record data is the
// action.
//   name     CNAME .              NXDOMAIN           blocks that name only
//   *.name   CNAME *.             NODATA             blocks the names below only
//            CNAME rpz-drop.      no answer
//            CNAME landing, A    another answer: a block if it is configured as a landing page
//            CNAME rpz-passthru.  not a block
// `name` and `*.name` together are a subtree. In an RPZ resolver that follows RFC 1034 exactly, a longer listed name
// shields its siblings from `*.name`; a list means the whole subtree, so that is how it is read.
//
// `24.0.113.0.203.rpz-ip` matches answers with an address in 203.0.113.0/24, and blocks that prefix.
//
// Records that a list cannot carry (name servers, clients, passed names) are reported with the reason and left out. A
// name that the zone only mentions is never blocked.
#pragma once

#include <optional>
#include <string>

#include "dns/ldns.h"
#include "list/landing.h"
#include "net/prefix.h"
#include "policy/action.h"
#include "rpz/action.h"

namespace saring::rpz {

struct RpzRecord {
    enum class Kind {
        zone,         // the zone's own: SOA, NS, signatures
        block,        // blocks `address` if set, else `name` with `match`
        pass,         // passes `name`
        unsupported,  // valid, but a list cannot carry it: `why`
        bad,          // invalid: `why`
    };
    Kind kind = Kind::zone;
    OwnerName name;
    policy::Match match = policy::Match::exact;
    std::optional<Prefix> address;
    // Of kind unlike: a redirect target that is not configured as a landing page.
    std::string landing;
    // One of possibly several records of an answer: after its removal others may remain.
    bool one_of_many = false;
    Message why;  // of kinds bad, pass and, unless `landing` is set, unlike
};

// Does not throw, whatever the record contains.
RpzRecord read_rpz_record(const ldns_rr* rr, const OwnerName& apex, const list::Landings& landings);

// A record as a resolver interprets it, whether or not a list could carry it.
struct RpzPolicy {
    OwnerName name;
    bool wildcard = false;  // `*.name`
    RpzAction action = RpzAction::none;
    std::string target;  // of a redirect: the host or address, as text
};

// False for the zone's own records, invalid ones, those with a trigger other than qname, and those that do not change
// an answer.
bool read_rpz_policy(const ldns_rr* rr, const OwnerName& apex, RpzPolicy& out);

// False when it is not a valid name in wire format.
bool owner_name_of(const ldns_rdf* name, OwnerName& out);

}  // namespace saring::rpz
