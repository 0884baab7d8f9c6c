// The difference between the blocklist at two commit serials, computed from the commits' changes. Changes that were
// undone in between do not appear. `diff` prints it; a rollback inverts it.
#pragma once

#include <map>

#include "ledger/changes.h"
#include "ledger/snapshot.h"

namespace saring::ledger {

struct RecordDifference {
    RecordTable table;
    Bytes key;
    std::optional<Bytes> before, after;  // nothing: no record
};

struct Difference {
    std::vector<RecordDifference> records;  // each once, where before != after
    // Sorted by key. Each (key, order) once, or twice where only its match differs: removed, then added.
    std::vector<EntryChange> entries;
    // Ids of the orders in `entries`, including removed orders.
    std::map<policy::OrderIndex, std::string> ids;
};

// From the state at `from` to that at `to`; from <= to <= s.serial(). Time and memory grow with the number of changes
// since `from`. Throws Error(database) when the changes are damaged.
Difference difference(const Snapshot& s, std::uint64_t from, std::uint64_t to);

// Reverses the direction of the difference.
void invert(Difference& d);

// The net effect of consecutive changes.
std::vector<EntryChange> net(std::vector<EntryChange> made);

}  // namespace saring::ledger
