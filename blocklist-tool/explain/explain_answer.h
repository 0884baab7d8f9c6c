// The answer that subscribers get from a resolver for a name, and its cause.
#pragma once

#include <optional>
#include <string>

#include "ledger/decide.h"
#include "probe/dns_client.h"

namespace saring::tool {

struct AnswerExplained {
    enum class Kind {
        by_order,   // an order's block, named in the answer
        passed,     // shows no policy
        elsewhere,  // another part of the resolver answers, or the module is not loaded
        silent,     // no answer in time
    };
    Kind kind = Kind::passed;
    std::string said;                         // the answer as text; untrusted
    std::string order;                        // by_order: the id in the answer
    std::optional<policy::OrderIndex> index;  // its index, if this database has it
    std::string trigger;                      // by_order: qname, cname or address
    std::string matched;                      // the listed name or prefix; empty if unknown
    Message why;                              // a sentence
};
const char* to_string(AnswerExplained::Kind kind);

// Queries `name` and `type`. `by_name`: the database's verdict on the name itself, in the same circumstances.
AnswerExplained explain_answer(const DnsClient& resolver, const OwnerName& name, const std::string& type,
                               const policy::Verdict& by_name, const ledger::Snapshot& snapshot,
                               const policy::Circumstances& circumstances);

}  // namespace saring::tool
