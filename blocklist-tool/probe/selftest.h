// Checks by queries whether a resolver does what the database says, for `selftest` and `doctor`.
#pragma once

#include <string>
#include <vector>

#include "ledger/decide.h"
#include "output/output.h"
#include "probe/dns_client.h"
#include "probe/reservoir.h"
#include "program/session.h"

namespace saring::tool {

// Random names that orders in force block for everyone; for some subtrees an unlisted name below them.
std::vector<OwnerName> blocked_names(const ledger::Snapshot& s, const config::Config& config, std::size_t size,
                                     Engine& engine, UnixTime now);

// The error in the answer for a name that must not be blocked; empty: none.
Message wrong_with_pass(const std::optional<DnsAnswer>& answer, const config::Config& config);

// A query and the expected answer, which follows from the database, unless the name must not be blocked. Made before
// the query, so that no read transaction is open while waiting for the answer.
struct Question {
    OwnerName name;
    std::optional<policy::Deciding> blocked_by;  // nothing: the name must resolve
};
Question question_about(const ledger::Snapshot& snapshot, const OwnerName& name, bool never_block,
                        const config::Config& config, UnixTime now);

struct SelftestResult {
    Json json;
    Message problem;  // empty if the answer is right
};

// Sends an A query (AAAA if only redirect_aaaa is set). json: {"name", "expected", "action", "order", "answer",
// "right", "problem"}.
SelftestResult ask_and_judge(const DnsClient& resolver, const Question& question, const config::Config& config);

}  // namespace saring::tool
