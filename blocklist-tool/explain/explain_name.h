// Looks up a name or an address for `explain` and for the console's page of a name.
#pragma once

#include <memory>

#include "explain/explanation.h"
#include "ledger/past.h"
#include "program/session.h"

namespace saring::tool {

struct ExplainQuery {
    std::string name, type = "A", client, at, resolver;
    std::vector<std::string> regions;
    unsigned timeout = 3;
};

struct Explained {
    explicit Explained(Session& session) : reading(session.database()) {}

    Reading reading;
    std::optional<ledger::PastSnapshot> past;
    Explanation explanation;
    // The database at the time of the query (--at).
    const ledger::Snapshot& then() const { return past ? past->snapshot() : reading.snapshot; }
};

// Throws Error(usage) that names the option, Error(database), Error(network).
std::unique_ptr<Explained> explain_name(Session& session, const ExplainQuery& query, UnixTime now);

}  // namespace saring::tool
