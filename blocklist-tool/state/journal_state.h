// The journal for `db history`: who changed what and when, of all orders, of one order, or of one name.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/journal.h"
#include "ledger/name_history.h"
#include "output/output.h"

namespace saring::tool {

struct HistoryQuery {
    std::string since, order, name;  // since: a serial or a time
    std::size_t limit = 50;          // 0: all
    std::uint64_t before = 0;        // only serials below it; 0: all
    bool is_filtered() const { return !order.empty() || !since.empty() || !name.empty(); }
};

// Visits commits, newest first, each with its changes of the queried name. True if there are more than `limit`.
bool each_history(
    const ledger::Snapshot& s, const HistoryQuery& query,
    const std::function<void(const ledger::JournalRecord&, const std::vector<const ledger::NameChange*>&)>& visit);
Json history_json(const ledger::Snapshot& s, const HistoryQuery& query);

// Parses a name or an address as typed.
ledger::HistoryTarget asked_for(const std::string& text);

}  // namespace saring::tool
