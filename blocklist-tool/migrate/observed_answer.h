// What one side of a comparison does with a name: a resolver's answer, a policy zone's record
// and the database's verdict, brought to the same terms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "ledger/decide.h"
#include "probe/dns_client.h"
#include "rpz/policy_zone.h"

namespace saring::tool {

struct ObservedAnswer {
    enum class Verdict {
        passed,   // no policy changes the answer
        blocked,  // `form` and, of a redirect, `targets` say how
        unclear,  // not to be told: no answer, a failure, or a negative answer that shows neither policy nor nature
    };
    Verdict verdict = Verdict::passed;
    std::string form;  // nxdomain, nodata, refused, redirect, drop; passthru where a policy passes the name;
                       // log of a rehearsal that counts as a block, like any of them
    std::vector<std::string> targets;  // names and addresses
    std::string said;                  // for people; foreign text
    bool silent = false;               // no answer at all: dropped, or never resolved
    std::optional<bool> resolves;      // passed by a resolver: there are addresses
};
const char* to_string(ObservedAnswer::Verdict v);

// Of the answer to a query for A. Resolvers mark what a policy made: BIND by the zone's SOA in
// the additional section (PowerDNS in the authority section), Unbound by the AA bit without an
// SOA, others by an extended error; a negative answer of the internet's has the SOA of a zone
// above the name (RFC 2308). `landings` are recognised whatever the marks.
ObservedAnswer seen_of(const OwnerName& name, const std::optional<DnsAnswer>& answer, const list::Landings& landings);
ObservedAnswer seen_of(const rpz::ZoneAnswer& answer);
// With `rehearsed` what an order of action log would block counts as blocked.
ObservedAnswer seen_of(const policy::Verdict& verdict, const config::Config& config, bool rehearsed);

enum class Compared { same, differs, undecided };
// Whether both sides do the same. With `any_form` every block is like another.
Compared compare(const ObservedAnswer& a, const ObservedAnswer& b, bool any_form);

}  // namespace saring::tool
