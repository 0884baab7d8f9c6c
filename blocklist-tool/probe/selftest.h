// Asking a resolver whether it does as the database says, for `selftest` and `doctor`.
#pragma once

#include <string>
#include <vector>

#include "ledger/decide.h"
#include "output/output.h"
#include "probe/dns_client.h"
#include "probe/reservoir.h"
#include "program/session.h"

namespace saring::tool {

// Names that an order in force blocks for everyone; below a subtree now and then one nobody listed.
std::vector<OwnerName> blocked_names(const ledger::Snapshot& s, const config::Config& config, std::size_t size,
                                     Engine& engine, UnixTime now);

// Of a name that is not to be blocked: empty when the answer is right, else what is wrong with it.
Message wrong_with_pass(const std::optional<DnsAnswer>& answer, const config::Config& config);

// What is expected of the answer: it follows from the database, unless the name is one that nothing may block.
// Made before asking, so that no read transaction is open while an answer is waited for.
struct Question {
    OwnerName name;
    std::optional<policy::Deciding> blocked_by;  // nothing: it must resolve
};
Question question_about(const ledger::Snapshot& snapshot, const OwnerName& name, bool never_block,
                        const config::Config& config, UnixTime now);

struct SelftestResult {
    Json json;
    Message problem;  // empty when the answer is right
};

// Asks for the A record. {"name", "expected", "action", "order", "answer", "right", "problem"}.
SelftestResult ask_and_judge(const DnsClient& resolver, const Question& question, const config::Config& config);

}  // namespace saring::tool
