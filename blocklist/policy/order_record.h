// An order or a list with the data for decisions and displays: who issued it, when it is in force, what it does.
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

// Index of an order within one ledger. It never changes; newer orders have higher ones.
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
// `expires` of a local entry that has no end: 9999-12-31T23:59:59Z, the last time that RFC 3339 can write.
constexpr UnixTime no_end = 253402300799;

struct OrderRecord {
    OrderKind kind = OrderKind::order;
    std::optional<Action> action;  // absent: the ISP's default
    UnixTime issued = 0, effective = 0, expires = 0;
    UnixTime lifted = never;  // no longer in force from then on
    UnixTime deadline = never;
    UnixTime applied = 0;              // when this ISP applied it
    std::uint64_t applied_serial = 0;  // the commit that applied it
    std::uint64_t names = 0;           // number of owner names that it lists now
    std::uint32_t addresses = 0;
    std::string id, authority, category;
    std::string signers;    // names of the keys that signed, comma separated
    std::string lifted_by;  // the order that lifted it, or the operator and reason
    std::string digest;     // BLAKE2b-256 of the document, or of a list's content when it was last read whole
    std::vector<std::string> regions;

    bool in_force(UnixTime now) const { return now >= effective && now < expires && now < lifted; }
    OrderState state(UnixTime now) const;
    // True for an order without a deadline.
    bool deadline_met() const { return applied <= deadline; }
};

// Texts for people; read only on demand.
struct OrderTexts {
    std::vector<std::pair<std::string, std::string>> reason;  // language, text
    std::vector<std::string> contact;                         // mailto: and tel: URIs
    std::string legal_basis, reference, clarification;
};
// The reason in `language`, else the first one. Null: the order has none.
inline const std::pair<std::string, std::string>* reason_to_show(const OrderTexts& texts, const std::string& language) {
    if (texts.reason.empty()) return nullptr;
    auto at =
        std::find_if(texts.reason.begin(), texts.reason.end(), [&](const auto& r) { return r.first == language; });
    return at == texts.reason.end() ? &texts.reason.front() : &*at;
}

}  // namespace saring::policy
