// All that `explain` found out, and how it is told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain/explain_answer.h"
#include "ledger/decide.h"
#include "ledger/name_history.h"
#include "ledger/quarantine.h"
#include "output/output.h"

namespace saring::tool {

struct Explanation {
    std::string name, type, client;
    ledger::HistoryTarget asked;
    UnixTime at = 0;
    policy::Action default_action = policy::Action::nxdomain;  // of orders that name none
    policy::Region region;
    policy::Verdict verdict;                     // of the name or address itself
    std::vector<policy::ConsideredEntry> trace;  // also what orders listed that were lifted since
    std::vector<ledger::Held> held;
    std::optional<AnswerExplained> answer;  // with --resolver

    // The verdict by the image that resolvers load. Not asked for an earlier time (`past`).
    struct InImage {
        std::uint64_t serial = 0;
        policy::Outcome outcome = policy::Outcome::none;
        std::string order;  // that decides there; empty: none
    };
    std::optional<InImage> image;
    std::optional<Message> image_refused;

    // Of an earlier time.
    bool past = false;
    std::optional<ledger::JournalRecord> commit;  // the last before it; nothing: the journal begins later
    UnixTime journal_begins = 0;                  // 0: it is empty
    std::vector<ledger::NameChange> changes;      // of all times, the newest first

    // What is said to subscribers: by the answer when one was asked for.
    bool decided() const;
    const char* word() const;
};

// Entries of orders that are lifted by now, whole or by name, and so are gone from the tables: why they do not count.
std::vector<policy::ConsideredEntry> lifted_entries(const ledger::Snapshot& s, const ledger::HistoryTarget& asked,
                                                    const policy::Circumstances& c);

// `then`: the database as it was at that time; `now`: as it is, for what came after.
Json explanation_json(const Explanation& e, const ledger::Snapshot& then, const ledger::Snapshot& now,
                      Say say = in_english);
void print_explanation(const Explanation& e, const ledger::Snapshot& then, const ledger::Snapshot& now);

}  // namespace saring::tool
