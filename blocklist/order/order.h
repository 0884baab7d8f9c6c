// A block order of an authority, with the fields of the document (order/FORMAT.md). Parsing is strict: a field that is
// unknown, missing or of the wrong type is refused by name, since an order that is only partly understood would block
// more or less than it says.
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

// Lifts another order, or some of its targets.
struct Revocation {
    std::string order;
    std::optional<OwnerName> domain;
    // With `domain`. exact: the target of that name; subtree: every target that is that name or is below it.
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

    // It only lifts other orders or names of them.
    bool lists_nothing() const { return domains.empty() && addresses.empty(); }
};

constexpr std::size_t max_order_id = 200;

// A record with the document's fields; fields about its application are not set.
policy::OrderRecord record_of(const Order& order);

// Throws Error(usage) with `source` (a file name), the field, the value, and what is accepted.
Order parse_order(ByteView document, const std::string& source);

// The document of an order, indented, ending in a newline; parse_order reads it back. Uses the earliest format that can
// express the order, so that older versions can read it.
Bytes format_order(const Order& order);

}  // namespace saring::order
