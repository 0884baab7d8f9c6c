// The value of a listed name in the ledger and in the image: the orders that list it, each with its match.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "policy/order_record.h"

namespace saring::policy {

// Decodes every stored match. `what` contains it: a marked() literal such as "an entry". Throws Error(database) for an
// unknown number.
Match decode_match(std::uint8_t octet, const char* what);

// One order's claim on a name. Five bytes each in the stored value.
struct Entry {
    OrderIndex order;
    Match match;
    bool operator==(const Entry&) const = default;
};

// Reads a value without copying. Throws Error(database) when its size is not a multiple of entry_size.
class Entries {
public:
    static constexpr std::size_t entry_size = 5;
    static constexpr std::size_t max_orders = 10000;  // orders that list one name
    explicit Entries(ByteView value);
    std::size_t size() const { return value_.size() / entry_size; }
    Entry operator[](std::size_t i) const;

private:
    ByteView value_;
};

void append(Bytes& value, Entry e);
// The value with the entry inserted by order index, so that equal entries have equal bytes, whatever the sequence of
// changes.
Bytes with_entry(ByteView value, Entry e);
// The value without the order's entries.
Bytes without_order(ByteView value, OrderIndex order);
std::optional<Match> match_of(ByteView value, OrderIndex order);

}  // namespace saring::policy
