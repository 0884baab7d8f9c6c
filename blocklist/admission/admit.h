// The only path of an order into the database, shared by `order apply` and `sync`: signatures over the bytes as
// received, then the document, its times, the safety rules, the writer. Lists: admission/admit_list.h.
#pragma once

#include <map>
#include <optional>

#include "config/config.h"
#include "ledger/writer.h"
#include "order/order.h"
#include "safety/rules.h"
#include "trust/trust.h"

namespace saring::admission {

// An order as received.
struct Submission {
    std::string source;  // where it came from, for messages
    Bytes content;
    std::vector<trust::SignatureFile> signatures;
};

struct CheckedOrder {
    order::Order order;
    ledger::Document document;
    std::string signers;          // names of the keys whose signatures count, comma separated
    safety::Screening screening;  // targets that go into quarantine instead of into force

    // True when neither a target nor a revocation comes into force.
    bool nothing_left() const;
    // Held for a decision: the whole order first, then targets.
    std::vector<ledger::HeldTarget> held() const;
};

// Throws Error(refused) for an order dated more than a day after `now`: at a name the newest order wins, so it would
// win over every other.
void require_issued(const order::Order& order, UnixTime now);

// The ids of known orders, to detect a new id that a reader would mistake for one of them (order/order_limits.h,
// id_likeness).
class OrderIds {
public:
    OrderIds() = default;
    explicit OrderIds(const ledger::Snapshot& snapshot);  // all orders in the database
    void add(const std::string& id);
    // The warning to print when another id looks the same.
    std::optional<Message> mistakable(const std::string& id) const;

private:
    std::multimap<std::string, std::string> by_likeness_;
};

// Does not touch the database. Throws Error(trust) for signatures; Error(usage) for the document or a file of the
// safety rules; Error(refused) when the order has expired and lifts nothing, takes effect later and `scheduled` is not
// set, is dated ahead (require_issued), or has an id reserved for lists or local entries.
CheckedOrder check_order(const config::Config& config, const Submission& submission, bool scheduled, UnixTime now);

// As Writer::apply; `checked.screening` has the targets that were held. Also throws Error(refused) when the order
// lifts another authority's order and safety.may_lift does not allow it.
ledger::Applied admit(const config::Config& config, ledger::Writer& writer, const CheckedOrder& checked, UnixTime now);

}  // namespace saring::admission
