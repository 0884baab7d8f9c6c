// The vocabulary of the one function that decides what an order says about a name: decide_over.h. The module and
// `explain` both call it, so they cannot disagree.
//
// Vocabulary
//   trigger     what matched: the queried name, an alias's target, or an address
//   entry       one order's claim on a listed name: exact, below or subtree
//   counts      an entry counts when its order is in force at the time asked about
//               (effective <= now < expires, not lifted), holds in the client's
//               region, and its match covers the name asked for: the listed name
//               (exact, subtree) or one below it (below, subtree)
//
// Precedence among entries that count
//   1. passthru of the ISP's own local policy, at any level, passes
//   2. the most specific listed name decides
//   3. at one name: passthru before any block, then the newest order (by issued,
//      then by the index at which it was applied)
//   `log` entries never decide; the most specific one is reported beside the verdict.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/message.h"
#include "name/owner_name.h"
#include "net/prefix.h"
#include "policy/entries.h"

namespace saring::policy {

// Persisted with hits; do not renumber.
enum class Trigger : std::uint8_t { qname = 0, cname = 1, address = 2 };
const char* to_string(Trigger t);

// Where a client is, as ISO 3166-2 codes. Empty: unknown or nowhere special.
struct Region {
    std::vector<std::string> codes;
    bool everywhere = false;  // counts as in every region (region.unknown_is_inside)
    bool holds(const std::vector<std::string>& wanted) const;
};

class CrowdedLevels;

struct Circumstances {
    UnixTime now = 0;
    const Region* region = nullptr;            // of the client; null: unknown
    Action default_action = Action::nxdomain;  // for orders that name none
    CrowdedLevels* crowded = nullptr;          // of who asks often; the verdict is the same
};

enum class Outcome { none, pass, block };

struct Deciding {
    OwnerName listed;  // the listed name that matched (names)
    Prefix prefix;     // the listed prefix (addresses)
    Match match = Match::subtree;
    OrderIndex index = 0;
    Action action = Action::nxdomain;
    std::shared_ptr<const OrderRecord> order;  // never null
};

struct Verdict {
    Outcome outcome = Outcome::none;
    Trigger trigger = Trigger::qname;
    std::optional<Deciding> by;      // what passes or blocks
    std::optional<Deciding> logged;  // a `log` order that would have blocked
    Trigger logged_trigger = Trigger::qname;
    // Some order in force lists the name for certain regions, this client's or not:
    // an answer for one client must not be kept for another.
    bool regional = false;
    // Some entry was looked at, whether it counts or not. Without any the verdict is the same
    // at all times and for all clients.
    bool listed = false;
    // It is the answer to the type asked for alone that leads to what is listed: the name has others.
    bool one_type = false;
    bool logged_regional = false;  // some `log` order does: where the client is decides what to log

    // No answer for the name may stay in a cache.
    bool uncacheable() const { return outcome == Outcome::block || regional; }
    // An answer may stay in a cache as long as a block would in a client's: what is looked up is counted.
    bool rehearsed() const { return logged.has_value() || logged_regional; }
};

// Every entry looked at and why it counted or did not, for `explain`.
struct ConsideredEntry {
    std::string matched;
    Match match;
    OrderIndex index;
    OrderRecord order;
    Action action;
    bool counts;
    Message why;
};

// What decides between two orders at one name: see Precedence, 3.
struct OrderPrecedence {
    bool passes = false;
    UnixTime issued = 0;
    OrderIndex index = 0;
};
bool outranks(const OrderPrecedence& a, const OrderPrecedence& b);

}  // namespace saring::policy
