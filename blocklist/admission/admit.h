// The one way an order gets into the database, for `order apply` and `sync` alike:
// signatures over the bytes as received, then the document, then its times, then the
// safety rules, then the writer. Lists: admission/admit_list.h.
#pragma once

#include "config/config.h"
#include "order/order.h"
#include "safety/rules.h"
#include "store/writer.h"
#include "trust/trust.h"

namespace saring {

// An order as received.
struct Submission {
    std::string source;  // where it came from, for messages
    Bytes content;
    std::vector<SignatureFile> signatures;
};

struct CheckedOrder {
    Order order;
    Document document;
    std::string signers;  // names of the keys that count, comma separated
    Screening screening;  // what goes into quarantine instead of into force

    // Nothing of it comes into force: neither a target nor a revocation.
    bool nothing_left() const;
    // What waits for a decision, the whole order first.
    std::vector<HeldTarget> held() const;
};

// Touches no database. Throws Error(trust), Error(usage) for the document or for a file
// of the safety rules, Error(refused) when it has expired and lifts nothing, takes effect later and
// `scheduled` is not set, or bears an id that this program gives to lists or local entries.
CheckedOrder check_order(const Config& config, const Submission& submission, bool scheduled, UnixTime now);

// As Writer::apply; `checked.screening` says what was held.
Applied admit(Writer& writer, const CheckedOrder& checked, UnixTime now);

}  // namespace saring
