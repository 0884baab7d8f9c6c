// Asking a resolver whether it does as the database says, for `selftest` and `doctor`.
#pragma once

#include <string>
#include <vector>

#include "dns_client.h"
#include "output.h"
#include "reservoir.h"
#include "session.h"

namespace saring::tool {

// Names that an order in force blocks for everyone; below a subtree now and then one nobody listed.
std::vector<OwnerName> blocked_names(const Snapshot& s, const Config& config, std::size_t size, Engine& engine, UnixTime now);

// Of a name that is not to be blocked: empty when the answer is right, else what is wrong with it.
Message wrong_with_pass(const std::optional<DnsAnswer>& answer, const Config& config);

struct Judged {
    Json json;
    Message problem;  // empty when the answer is right
};

// Asks for the A record of `name`. {"name", "expected", "action", "order", "answer", "right", "problem"};
// what is expected follows from the database, unless the name is one that nothing may block.
Judged ask_and_judge(const DnsClient& resolver, const OwnerName& name, bool never_block, const Snapshot& snapshot, const Config& config, UnixTime now);

}  // namespace saring::tool
