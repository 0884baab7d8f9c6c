// Decides what orders say about a name or an address. This is the vocabulary; the algorithm is in decide_over.h. The
// module and `explain` both use it, so they always agree.
//
// Vocabulary
//   trigger     what matched: the qname, an alias's target, or an address
//   entry       one order's claim on a listed name: exact, below or subtree
//   counts      an entry counts when its order is in force at that time (effective <= now < expires, not lifted) and
//               holds in the client's region, and its match covers the name: the listed name itself (exact, subtree) or
//               a name below it (below, subtree)
//
// Precedence among entries that count
//   1. passthru of the ISP's own local policy, at any level, passes
//   2. the most specific listed name decides
//   3. at one name: passthru before any block, then the newest order (by issued, then by index, i.e. the order of
//      application)
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

// A client's location, as ISO 3166-2 codes. Empty: unknown.
struct Region {
    std::vector<std::string> codes;
    bool everywhere = false;  // counts as in every region (region.unknown_is_inside)
    bool holds(const std::vector<std::string>& wanted) const;
};

class CrowdedLevels;

struct Circumstances {
    UnixTime now = 0;
    const Region* region = nullptr;            // of the client; null: unknown
    Action default_action = Action::nxdomain;  // for orders without an action
    CrowdedLevels* crowded = nullptr;          // cache for frequent callers; does not change the verdict
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
    std::optional<Deciding> by;      // the entry that passes or blocks
    std::optional<Deciding> logged;  // a `log` entry that would have decided
    Trigger logged_trigger = Trigger::qname;
    // Some order in force lists the name for certain regions, this client's or others: the answer depends on the
    // client.
    bool regional = false;
    // Some entry exists, whether it counts or not. If not, the verdict is the same at all times and for all clients.
    bool listed = false;
    // The listed target is only in the answer for this qtype: the name has others.
    bool one_type = false;
    bool logged_regional = false;  // a `log` order is regional: the client's region decides whether to log

    // The answer must not stay in any cache.
    bool uncacheable() const { return outcome == Outcome::block || regional; }
    // The answer may be cached no longer than a block's TTL: queries are counted.
    bool rehearsed() const { return logged.has_value() || logged_regional; }
};

// Every entry considered and why it counts or does not, for `explain`.
struct ConsideredEntry {
    std::string matched;
    Match match;
    OrderIndex index;
    OrderRecord order;
    Action action;
    bool counts;
    Message why;
};

// Rank of an order among those that list one name: see Precedence, 3.
struct OrderPrecedence {
    bool passes = false;
    UnixTime issued = 0;
    OrderIndex index = 0;
};
bool outranks(const OrderPrecedence& a, const OrderPrecedence& b);

}  // namespace saring::policy
