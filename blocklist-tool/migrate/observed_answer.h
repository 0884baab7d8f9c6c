// The common form of the answers of a comparison: a resolver's answer, a policy zone's record, the database's verdict.
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
        blocked,  // see `form` and, for a redirect, `targets`
        unclear,  // no answer, a failure, or a negative answer that shows neither a policy nor a zone's SOA
    };
    Verdict verdict = Verdict::passed;
    std::string form;  // nxdomain, nodata, refused, redirect, drop; passthru if a policy passes the name;
                       // log for a rehearsal that counts as a block of any form
    std::vector<std::string> targets;  // names and addresses
    std::string said;                  // for people; untrusted text
    bool silent = false;               // no answer at all: dropped, or never resolved
    std::optional<bool> resolves;      // passed by a resolver: whether there are addresses
};
const char* to_string(ObservedAnswer::Verdict v);

// From the answer to an A query. Signs of a policy: the policy zone's SOA in the additional section (BIND) or in the
// authority section (PowerDNS), the AA bit without an SOA (Unbound), an extended DNS error. A negative answer from the
// internet has the SOA of a zone above the name (RFC 2308). A redirect to one of `landings` is a block without any
// sign.
ObservedAnswer observe(const OwnerName& name, const std::optional<DnsAnswer>& answer, const list::Landings& landings);
ObservedAnswer observe(const rpz::ZoneAnswer& answer);
// `rehearsed`: a name that an order with action log would block counts as blocked.
ObservedAnswer observe(const policy::Verdict& verdict, const config::Config& config, bool rehearsed);

enum class Compared { same, differs, undecided };
// Whether both sides do the same. `any_form`: all forms of a block are equal.
Compared compare(const ObservedAnswer& a, const ObservedAnswer& b, bool any_form);

}  // namespace saring::tool
