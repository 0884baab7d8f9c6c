// From a host name to the landing page that speaks of it, as lines of an nginx map with
// `hostnames`: ".name page;" is the name and all below, "name page;" the name alone,
// "*.name page;" all below it. nginx takes an exact line first, then the longest
// wildcard, so the closest line decides, as the closest listed name does in policy/decide.h. A
// name whose page is what the line above it says already gets none.
//
// Which page, when several could:
//   - what passes (passthru) is not blocked; the ISP's own passthru passes all below it, however close a block is
//   - a signed order is shown before a list or an entry of the ISP's own, even a closer one: it is
//     the order that a reader can object to, and that has a clarification
//   - among orders the closest listed name, then the newest, as in policy/decide.h
//   - a name of an order that has ended lately, and that nothing blocks: the page that says so
// Orders for some regions count everywhere, since everyone who sees the page was blocked.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/snapshot.h"
#include "policy/decide.h"

namespace saring::landing {

// The kinds of page that a name can get, weakest first.
enum class PageRank : std::uint8_t { none, ended, provider, order, pass };

struct PageChoice {
    PageRank rank = PageRank::none;
    policy::OrderIndex index = 0;  // of provider and order
    bool operator==(const PageChoice&) const = default;
    // Both say that the name is not blocked.
    bool same_page(const PageChoice& o) const { return *this == o || (is_over() && o.is_over()); }
    bool is_over() const { return rank == PageRank::ended || rank == PageRank::pass; }
};

// The orders that count for the map, by index.
struct PageOrder {
    PageRank rank = PageRank::order;  // provider, order or pass
    bool own_pass = false;            // the ISP's own passthru
    UnixTime issued = 0;
};
using PageOrders = std::unordered_map<policy::OrderIndex, PageOrder>;

// Lookup keys of orders that have ended lately.
using EndedNames = std::map<Bytes, policy::Match>;

struct HostLine {
    bool itself = false, below = false;  // which of the two the line covers
    PageChoice choice;
};

// Walks names in the order of their lookup keys; memory grows with the depth of names only.
class HostWalk {
public:
    using Emit = std::function<void(ByteView key, const HostLine& line)>;
    HostWalk(const PageOrders& orders, Emit emit) : orders_(orders), emit_(std::move(emit)) {}

    // Keys ascending, each once. `entries` and `ended`, when not null, are what the name has.
    void add(ByteView key, const policy::Entries* entries, const policy::Match* ended);

private:
    struct Own {
        PageChoice itself, below;
        bool passes_itself = false, passes_below = false;
    };
    struct Level {
        Bytes key;
        PageChoice below;
        bool passes;
    };
    Own own(const policy::Entries* entries, const policy::Match* ended) const;

    const PageOrders& orders_;
    Emit emit_;
    std::vector<Level> levels_;
};

// All names of the database and of `ended`.
void walk_hosts(const ledger::Snapshot& snapshot, const PageOrders& orders, const EndedNames& ended,
                const HostWalk::Emit& emit);

// The line's text; empty for a name that no Host header can carry (RFC 9110 section 4.2).
std::string map_line(ByteView key, const HostLine& line, const std::string& page);

}  // namespace saring::landing
