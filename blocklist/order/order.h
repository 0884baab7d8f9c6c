// A block order: what an authority demands, in the vocabulary of the document
// format (order/FORMAT.md). Parsing is strict: a field that is unknown,
// missing or of the wrong kind is refused by name, since an order that is half
// understood would block more or less than it says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "name/owner_name.h"
#include "net/prefix.h"
#include "policy/action.h"
#include "policy/order_record.h"

namespace saring::order {

struct DomainTarget {
    OwnerName name;
    policy::Match match = policy::Match::subtree;
};

// Lifts another order whole, or some of its targets.
struct Revocation {
    std::string order;
    std::optional<OwnerName> domain;
    // With `domain`. exact: the target of that name; subtree: every target that is that name or lies below it.
    policy::Match match = policy::Match::exact;
};

struct Order {
    std::string id;
    std::string authority;
    std::string legal_basis;
    std::string category;
    UnixTime issued = 0;
    UnixTime effective = 0;
    UnixTime expires = 0;
    std::optional<UnixTime> deadline;
    std::vector<std::pair<std::string, std::string>> reason;  // language tag, text
    std::vector<std::string> contact;                         // mailto: and tel: URIs
    std::string reference;
    std::string clarification;
    std::optional<policy::Action> action;  // absent: the ISP's default
    std::vector<std::string> regions;      // ISO 3166-2; empty: everywhere
    std::vector<DomainTarget> domains;
    std::vector<Prefix> addresses;
    std::vector<Revocation> revokes;
};

constexpr std::size_t max_order_id = 200;

// What the document says of it, and nothing of what became of it.
policy::OrderRecord record_of(const Order& order);

// Throws Error(usage): `source` (a file name) and the field, the value, what would be right.
Order parse_order(ByteView document, const std::string& source);

// The document of an order, indented, ending in a newline. parse_order reads it back. It is of the earliest
// format that can say it, so that who has not upgraded can read it.
Bytes format_order(const Order& order);

}  // namespace saring::order
