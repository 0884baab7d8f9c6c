// Which orders list a name, each with how far: the value under a listed name in the ledger and in the image.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "policy/order_record.h"

namespace saring::policy {

// Every stored match is read here. `what` holds it, a marked() literal such as "an entry". Throws
// Error(database) for an octet that is no match.
Match decode_match(std::uint8_t octet, const char* what);

// One order's claim on a name. Five octets each in the value under the name.
struct Entry {
    OrderIndex order;
    Match match;
    bool operator==(const Entry&) const = default;
};

// Reads a value without copying. Throws Error(database) on a ragged value.
class Entries {
public:
    static constexpr std::size_t entry_size = 5;
    static constexpr std::size_t most = 10000;  // orders that list one name
    explicit Entries(ByteView value);
    std::size_t size() const { return value_.size() / entry_size; }
    Entry operator[](std::size_t i) const;

private:
    ByteView value_;
};

void append(Bytes& value, Entry e);
// The value with the entry in its place by order index: so the same entries are the same
// octets, whatever the way that led to them.
Bytes with_entry(ByteView value, Entry e);
// The value without the order's entries.
Bytes without_order(ByteView value, OrderIndex order);
std::optional<Match> match_of(ByteView value, OrderIndex order);

}  // namespace saring::policy
