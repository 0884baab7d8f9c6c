// One record of a response policy zone (RPZ), read as what it says about names.
//
// Vocabulary (draft-vixie-dnsop-dns-rpz): the owner, cut off at the zone's apex, is the
// trigger; the record data is the action.
//   name     CNAME .              the name does not exist             blocks that name only
//   *.name   CNAME *.             the name has no data                blocks the names below only
//            CNAME rpz-drop.      no answer
//            CNAME landing, A    another answer: a block when the ISP says it is a landing page
//            CNAME rpz-passthru.  not a block
// `name` and `*.name` together are a subtree. An RPZ resolver that follows RFC 1034 to the
// letter lets a longer listed name shield its siblings from `*.name`; a list means the
// whole subtree, and so it is read.
//
// `24.0.113.0.203.rpz-ip` is about answers with an address in 203.0.113.0/24, and blocks that prefix.
//
// What a list cannot carry (name servers, clients, passing names) is told with its reason and left out. Never is a name
// blocked that the zone only mentions.
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
        zone,    // the zone's own: SOA, NS, signatures
        block,   // `address`, or else `name` as far as `match` says
        pass,    // `name` is never to be blocked
        unlike,  // understood, but not for a list: `why`
        bad,     // broken: `why`
    };
    Kind kind = Kind::zone;
    OwnerName name;
    policy::Match match = policy::Match::exact;
    std::optional<Prefix> address;
    // Of kind unlike: the host or address that people are sent to, which nobody named as a landing page.
    std::string landing;
    // One of perhaps several records of the same answer: when one goes the others may stay.
    bool one_of_many = false;
    Message why;  // of kind bad, pass and, but for a landing, unlike
};

// Never throws for what the record holds.
RpzRecord read_rpz_record(const ldns_rr* rr, const OwnerName& apex, const list::Landings& landings);

// A record as a resolver takes it, whether or not a list could carry it.
struct RpzPolicy {
    OwnerName name;
    bool wildcard = false;  // `*.name`
    RpzAction action = RpzAction::none;
    std::string target;  // of a redirect: the other name or address, as people write it
};

// False for the zone's own records, broken ones, those about something else than the queried
// name, and those that change nothing in an answer.
bool read_rpz_policy(const ldns_rr* rr, const OwnerName& apex, RpzPolicy& out);

// False when it is no name on the wire.
bool owner_name_of(const ldns_rdf* name, OwnerName& out);

}  // namespace saring::rpz
