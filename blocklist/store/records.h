// The stored form of an order and of the entries under a name. Numbers of
// enumerations are persisted; do not renumber.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "order/order.h"

namespace saring {

using OrderIndex = std::uint32_t;

enum class OrderKind : std::uint8_t {
    order = 0,  // a signed order of an authority
    list = 1,   // a legacy list, as one synthetic order
    local = 2,  // the ISP's own policy
};

enum class OrderState { active, upcoming, expired, revoked };
const char* to_string(OrderState s);
const char* to_string(OrderKind k);

constexpr UnixTime never = std::numeric_limits<UnixTime>::max();

struct OrderRecord {
    OrderKind kind = OrderKind::order;
    std::optional<Action> action;  // absent: the ISP's default
    UnixTime issued = 0, effective = 0, expires = 0;
    UnixTime lifted = never;  // from when on it no longer counts
    UnixTime deadline = never;
    UnixTime applied = 0;            // when this ISP applied it
    std::uint64_t applied_serial = 0;  // the commit that did
    std::uint64_t names = 0;           // owner names it lists now
    std::uint32_t addresses = 0;
    std::string id, authority, category;
    std::string signers;    // names of the keys that signed, comma separated
    std::string lifted_by;  // the order that lifted it, or the operator and reason
    std::string digest;     // BLAKE2b-256 of the document, or of a list's content as last read whole
    std::vector<std::string> regions;

    bool in_force(UnixTime now) const { return now >= effective && now < expires && now < lifted; }
    OrderState state(UnixTime now) const;
    // Applied here by the deadline; an order without one is never late.
    bool deadline_met() const { return applied <= deadline; }
};

Bytes encode(const OrderRecord& r);
OrderRecord decode_order_record(ByteView value);

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

// The document as received and its signature files.
struct Document {
    Bytes content;
    std::vector<std::pair<std::string, Bytes>> signatures;  // file name, content
};
Bytes encode(const Document& d);
Document decode_document(ByteView value);

// What an order says to people; read only when someone asks.
struct OrderTexts {
    std::vector<std::pair<std::string, std::string>> reason;  // language, text
    std::vector<std::string> contact;                         // mailto: and tel: URIs
    std::string legal_basis, reference, clarification;
};
Bytes encode(const OrderTexts& t);
OrderTexts decode_order_texts(ByteView value);

Bytes prefix_key(const Prefix& p);
Prefix prefix_of_key(ByteView key);

}  // namespace saring
