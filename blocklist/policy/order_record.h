// An order or a list as decide() and everybody who shows it need it: whose it is, when it counts, what it does.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "policy/action.h"

namespace saring::policy {

// Of an order within one ledger. An order keeps its own for good; a newer one has a higher one.
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
    UnixTime applied = 0;              // when this ISP applied it
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

// What an order says to people; read only when someone asks.
struct OrderTexts {
    std::vector<std::pair<std::string, std::string>> reason;  // language, text
    std::vector<std::string> contact;                         // mailto: and tel: URIs
    std::string legal_basis, reference, clarification;
};
// Of the reasons the one in the language; better in another language than not at all. Null: the order has none.
inline const std::pair<std::string, std::string>* reason_to_show(const OrderTexts& texts, const std::string& language) {
    if (texts.reason.empty()) return nullptr;
    auto at =
        std::find_if(texts.reason.begin(), texts.reason.end(), [&](const auto& r) { return r.first == language; });
    return at == texts.reason.end() ? &texts.reason.front() : &*at;
}

}  // namespace saring::policy
