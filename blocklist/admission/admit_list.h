// The one way a list gets into the database: its names pass the safety rules, and a
// change that is too large is kept out until a person has looked at it.
#pragma once

#include "config/config.h"
#include "safety/rules.h"
#include "store/writer.h"

namespace saring {

// A change that is kept out. The writer that has it must be dropped; hold_list_change()
// then records the refusal in a commit of its own.
struct ListHeld : Error {
    ListHeld(const std::string& list, const Finding& why, const std::string& change);
    std::string id;
    Finding finding;
    std::string digest;  // of the change
};

struct ListAdmission {
    ListOutcome outcome;
    std::vector<HeldTarget> held;   // names of this list that stay out
    std::optional<ListHeld> whole;  // the outcome is what would have been
};

// `names` is sorted; what is held is taken out of it. `allow_large` lifts the bound on changes.
ListAdmission admit_list(const Config& config, Writer& writer, const ListInfo& info, NameSet& names, bool allow_large, UnixTime now);

// The same for a change that is not the whole list, as by incremental transfer.
ListAdmission admit_list_change(const Config& config, Writer& writer, const ListInfo& info, const NameSet& removed, NameSet& added, UnixTime now);

// With a fresh writer: records that this change was kept out, once, and commits.
bool hold_list_change(Writer& writer, const ListHeld& held, const CommitInfo& commit);

}  // namespace saring
