// The one way a list gets into the database: its names and addresses pass the safety rules, and a
// change that is too large is kept out until a person has looked at it.
#pragma once

#include "config/config.h"
#include "ledger/writer.h"
#include "safety/rules.h"

namespace saring::admission {

// A change that is kept out. The writer that has it must be dropped; hold_list_change()
// then records the refusal in a commit of its own.
struct ListHeld : Error {
    ListHeld(const std::string& list, ledger::HeldEdition held);
    std::string id;
    ledger::HeldEdition edition;
};

struct ListAdmission {
    ledger::ListOutcome outcome;
    std::vector<ledger::HeldTarget> held;  // targets of this list that stay out
    std::optional<ListHeld> whole;         // the outcome is what would have been
};

// What is held is taken out of `targets`. `allow_large` lifts the bounds on changes.
ListAdmission admit_list(const config::Config& config, ledger::Writer& writer, const ledger::ListInfo& info,
                         list::Targets& targets, bool allow_large, UnixTime now);

// The same for a change that is not the whole list, as by incremental transfer.
ListAdmission admit_list_change(const config::Config& config, ledger::Writer& writer, const ledger::ListInfo& info,
                                const list::Targets& removed, list::Targets& added, UnixTime now);

// With a fresh writer: records that this change was kept out, once, and commits.
bool hold_list_change(ledger::Writer& writer, const ListHeld& held, const ledger::CommitInfo& commit);

}  // namespace saring::admission
