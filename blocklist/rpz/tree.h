// Converts a blocklist to the records of a policy zone with exactly the same effect.
//
// A policy zone answers like any DNS zone (RFC 1034 section 4.3.3): `*.x` covers a name only when x is its closest
// encloser, the longest ancestor that exists in the zone. With `*.x` and `a.b.x` listed, b.x exists without records, so
// `*.x` covers neither b.x nor c.b.x, which a subtree block of x does cover. Therefore every name that the zone makes
// exist, including empty non-terminals, gets its own record and its own wildcard if an ancestor's decision applies to
// it. A name needs no record when its ancestor's wildcard gives the same decision and nothing below it differs.
#pragma once

#include <functional>
#include <vector>

#include "base/bytes.h"
#include "rpz/action.h"

namespace saring::rpz {

// The decision of the entries of one listed name; none: no decision.
struct RpzChoice {
    RpzAction itself = RpzAction::none;  // for the name
    RpzAction below = RpzAction::none;   // for names below it that no closer listed name decides
    // The ISP's own passthru, which overrides closer names.
    bool passes_itself = false, passes_below = false;
};

class RpzTree {
public:
    using Emit = std::function<void(ByteView key, bool wildcard, RpzAction action)>;
    explicit RpzTree(Emit emit) : emit_(std::move(emit)) {}

    // Lookup keys in ascending order, each once. Memory grows only with the depth of names.
    void add(ByteView key, const RpzChoice& choice);

private:
    struct Level {
        std::size_t end = 0;                  // length of its key in bytes
        RpzAction nearest = RpzAction::none;  // decision of the closest listed name, or this one, for names below
        bool passes = false;                  // the ISP's own passthru applies below
        RpzAction itself = RpzAction::none, below = RpzAction::none;  // the final decisions
        bool in_zone = false;
    };
    void put_in_zone();

    Emit emit_;
    Bytes key_;
    std::vector<Level> levels_;  // of key_, from the top-level label downwards
};

}  // namespace saring::rpz
