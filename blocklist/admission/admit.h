// The one way an order gets into the database, for `order apply` and `sync` alike:
// signatures over the bytes as received, then the document, then its times, then the
// safety rules, then the writer. Lists: admission/admit_list.h.
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
    std::string signers;          // names of the keys that count, comma separated
    safety::Screening screening;  // what goes into quarantine instead of into force

    // Nothing of it comes into force: neither a target nor a revocation.
    bool nothing_left() const;
    // What waits for a decision, the whole order first.
    std::vector<ledger::HeldTarget> held() const;
};

// Throws Error(refused) for an order that is dated more than a day ahead of `now`: the newer order decides at a name.
void require_issued(const order::Order& order, UnixTime now);

// The ids of orders, to tell those apart that a reader would take for one (order/order_limits.h, id_likeness).
class OrderIds {
public:
    OrderIds() = default;
    explicit OrderIds(const ledger::Snapshot& snapshot);  // all of the database
    void add(const std::string& id);
    // What to tell people when another id looks the same.
    std::optional<Message> mistakable(const std::string& id) const;

private:
    std::multimap<std::string, std::string> by_likeness_;
};

// Touches no database. Throws Error(trust), Error(usage) for the document or for a file
// of the safety rules, Error(refused) when it has expired and lifts nothing, takes effect later and
// `scheduled` is not set, is dated ahead (require_issued), or bears an id that this program gives to lists or
// local entries.
CheckedOrder check_order(const config::Config& config, const Submission& submission, bool scheduled, UnixTime now);

// As Writer::apply; `checked.screening` says what was held. Throws Error(refused) too when the order lifts one of
// another authority, unless safety.may_lift allows it.
ledger::Applied admit(const config::Config& config, ledger::Writer& writer, const CheckedOrder& checked, UnixTime now);

}  // namespace saring::admission
