// The result of `explain`, and its output as text and JSON.
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
    policy::Action default_action = policy::Action::nxdomain;  // action of orders that name none
    policy::Region region;
    policy::Verdict verdict;                     // of the name or address itself
    std::vector<policy::ConsideredEntry> trace;  // also entries of orders lifted since
    std::vector<ledger::Held> held;
    std::optional<AnswerExplained> answer;  // with --resolver

    // The verdict of the image that resolvers load. Not for an earlier time (`past`).
    struct InImage {
        std::uint64_t serial = 0;
        policy::Outcome outcome = policy::Outcome::none;
        std::string order;  // the deciding order; empty: none
    };
    std::optional<InImage> image;
    std::optional<Message> image_refused;

    // For an earlier time.
    bool past = false;
    std::optional<ledger::JournalRecord> commit;  // the last commit before it; nothing: the journal begins later
    UnixTime journal_begins = 0;                  // 0: the journal is empty
    std::vector<ledger::NameChange> changes;      // of all time, newest first

    // Whether an order decides, and the verdict as a word; from the resolver's answer if one was queried.
    bool decided() const;
    const char* word() const;
};

// Entries of lifted orders and lifted names, which are no longer in the tables, each with the reason why it does not
// count.
std::vector<policy::ConsideredEntry> lifted_entries(const ledger::Snapshot& s, const ledger::HistoryTarget& asked,
                                                    const policy::Circumstances& c);

// `then`: the database at that time; `now`: the current one, for later events.
Json explanation_json(const Explanation& e, const ledger::Snapshot& then, const ledger::Snapshot& now,
                      Say say = in_english);
void print_explanation(const Explanation& e, const ledger::Snapshot& then, const ledger::Snapshot& now);

}  // namespace saring::tool
