// The only path of a list into the database: its names and addresses pass the safety rules, and a change that is too
// large is held until a person releases it.
#pragma once

#include "config/config.h"
#include "ledger/writer.h"
#include "safety/rules.h"

namespace saring::admission {

// A list change that was held. Drop the writer that contains it; hold_list_change() records the refusal in a separate
// commit.
struct ListHeld : Error {
    // `discarded`: the decision on this very change, if a person has discarded it.
    ListHeld(const std::string& list, ledger::HeldEdition held, const std::optional<ledger::HeldRecord>& discarded);
    std::string id;
    ledger::HeldEdition edition;
};

struct ListAdmission {
    ledger::ListOutcome outcome;
    std::vector<ledger::HeldTarget> held;  // targets of this list that are not in force
    std::optional<ListHeld> whole;         // set: the change is held, and `outcome` is what it would have done
};

// Removes held targets from `targets`. `allow_large` lifts the limits on the size of a change.
ListAdmission admit_list(const config::Config& config, ledger::Writer& writer, const ledger::ListInfo& info,
                         list::Targets& targets, bool allow_large, UnixTime now);

// The same for an incremental change (IXFR, RFC 1995).
ListAdmission admit_list_change(const config::Config& config, ledger::Writer& writer, const ledger::ListInfo& info,
                                const list::Targets& removed, list::Targets& added, UnixTime now);

// Records once that this change was held, and commits. `writer` must have no other changes.
bool hold_list_change(ledger::Writer& writer, const ListHeld& held, const ledger::CommitInfo& commit);

}  // namespace saring::admission
