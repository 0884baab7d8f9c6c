// What subscribers get to hear from a resolver about a name, and what led to it.
#pragma once

#include <optional>
#include <string>

#include "ledger/decide.h"
#include "probe/dns_client.h"

namespace saring::tool {

struct AnswerExplained {
    enum class Kind {
        by_order,   // an order's block, as the answer itself says
        passed,     // no policy shows in it
        elsewhere,  // something of the resolver answers before the module, or without it
        silent,     // no answer in time
    };
    Kind kind = Kind::passed;
    std::string said;                         // the answer in words; foreign text
    std::string order;                        // of by_order: the id that the answer names
    std::optional<policy::OrderIndex> index;  // the same, when this database has it
    std::string trigger;                      // of by_order: qname, cname or address
    std::string matched;  // the listed name or prefix that led to it; empty when that cannot be told
    Message why;          // a sentence
};
const char* to_string(AnswerExplained::Kind kind);

// Asks for `type` of `name`. `by_name`: what the database says of the name itself, under the same circumstances.
AnswerExplained explain_answer(const DnsClient& resolver, const OwnerName& name, const std::string& type,
                               const policy::Verdict& by_name, const ledger::Snapshot& snapshot,
                               const policy::Circumstances& circumstances);

}  // namespace saring::tool
