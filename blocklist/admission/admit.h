// The one way an order gets into the database, for `order apply` and `sync` alike:
// signatures over the bytes as received, then the document, then its times, then the
// writer.
#pragma once

#include "config/config.h"
#include "order/order.h"
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
};

// Touches no database. Throws Error(trust), Error(usage) for the document, Error(refused)
// when it has expired, or takes effect later and `scheduled` is not set.
CheckedOrder check_order(const Config& config, const Submission& submission, bool scheduled, UnixTime now);

// As Writer::apply.
Applied admit(Writer& writer, const CheckedOrder& checked, UnixTime now);

}  // namespace saring
