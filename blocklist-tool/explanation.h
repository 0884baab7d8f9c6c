// All that `explain` found out, and how it is told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain_answer.h"
#include "output.h"
#include "policy/decide.h"
#include "store/name_history.h"
#include "store/quarantine.h"

namespace saring::tool {

struct Explanation {
    std::string name, type, client;
    Asked asked;
    UnixTime at = 0;
    Action default_action = Action::nxdomain;  // of orders that name none
    Region region;
    Verdict verdict;                // of the name or address itself
    std::vector<Considered> trace;  // also what orders listed that were lifted since
    std::vector<Held> held;
    std::optional<AnswerExplained> answer;  // with --resolver

    // Of an earlier time.
    bool past = false;
    std::optional<JournalRecord> commit;  // the last before it; nothing: the journal begins later
    UnixTime journal_begins = 0;          // 0: it is empty
    std::vector<NameChange> changes;      // of all times, the newest first

    // What is said to subscribers: by the answer when one was asked for.
    bool decided() const;
    const char* word() const;
};

// Entries of orders that are lifted by now, whole or by name, and so are gone from the tables: why they do not count.
std::vector<Considered> lifted_entries(const Snapshot& s, const Asked& asked, const Circumstances& c);

// `then`: the database as it was at that time; `now`: as it is, for what came after.
Json explanation_json(const Explanation& e, const Snapshot& then, const Snapshot& now);
void print_explanation(const Explanation& e, const Snapshot& then, const Snapshot& now);

}  // namespace saring::tool
