// What a blocklist says, as the records of a policy zone that says exactly the same.
//
// A policy zone answers as any DNS zone (RFC 1034 section 4.3.3): `*.x` covers a name only
// when x is its closest encloser, the longest ancestor that exists in the zone. So with
// `*.x` and `a.b.x` listed, b.x exists without records, and neither b.x nor c.b.x is
// covered by `*.x` any more, which a subtree block of x covers. Hence every name that the
// zone makes exist, empty non-terminals included, gets its own record and its own wildcard
// wherever an ancestor's decision holds for it. Names whose decision is what their ancestor's wildcard
// says already, and below which nothing differs, need no record and get none.
#pragma once

#include <functional>
#include <vector>

#include "base/bytes.h"
#include "rpz/action.h"

namespace saring::rpz {

// What the entries of one listed name say; none: nothing.
struct RpzChoice {
    RpzAction itself = RpzAction::none;  // about the name
    RpzAction below = RpzAction::none;   // about names below it that no closer one decides
    // The ISP's own passthru, which passes whatever closer names say.
    bool passes_itself = false, passes_below = false;
};

class RpzTree {
public:
    using Emit = std::function<void(ByteView key, bool wildcard, RpzAction action)>;
    explicit RpzTree(Emit emit) : emit_(std::move(emit)) {}

    // Lookup keys in their order, each once. Memory grows with the depth of names only.
    void add(ByteView key, const RpzChoice& choice);

private:
    struct Level {
        std::size_t end = 0;                  // of its key
        RpzAction nearest = RpzAction::none;  // what the closest listed name, or this one, says of names below
        bool passes = false;                  // the ISP's own passthru holds below
        RpzAction itself = RpzAction::none, below = RpzAction::none;  // what holds in the end
        bool in_zone = false;
    };
    void put_in_zone();

    Emit emit_;
    Bytes key_;
    std::vector<Level> levels_;  // of key_, from the top-level label down
};

}  // namespace saring::rpz
