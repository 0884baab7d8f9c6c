// The one way a list gets into the database: its names pass the safety rules, and a
// change that is too large is kept out until a person has looked at it.
#pragma once

#include "config/config.h"
#include "safety/rules.h"
#include "store/writer.h"

namespace saring {

struct ListAdmission {
    ListOutcome outcome;
    std::vector<HeldTarget> held;   // names of this list that stay out
    std::optional<Finding> whole;   // nothing was changed: the rest of this answer is what would have been
};

// `names` is sorted; what is held is taken out of it. When `whole` is set the writer has
// the list's changes in it and must be dropped: hold_list_change() then records the
// refusal in a commit of its own. `allow_large` lifts the bound on changes.
ListAdmission admit_list(const Config& config, Writer& writer, const ListInfo& info, NameSet& names, bool allow_large, UnixTime now);

// Whether a change may be made that is not the whole list, as by incremental transfer.
// `before`: names that the list had.
std::optional<Finding> check_list_change(const SafetyConfig& limits, std::uint64_t before, std::uint64_t added, std::uint64_t removed);

// Commits to a fresh writer that this content of the list was kept out, once.
bool hold_list_change(Writer& writer, const ListInfo& info, const NameSet& names, const Finding& finding, const CommitInfo& commit);

}  // namespace saring
