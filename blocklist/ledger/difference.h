// What differs between the blocklist at two commit serials, computed from the journal's
// changes: what was added and removed again in between does not show. `diff` prints it, a
// rollback inverts it.
#pragma once

#include <map>

#include "ledger/changes.h"
#include "ledger/snapshot.h"

namespace saring::ledger {

struct RecordDifference {
    RecordTable table;
    Bytes key;
    std::optional<Bytes> before, after;  // nothing: it is not there
};

struct Difference {
    std::vector<RecordDifference> records;  // each once, where before != after
    // Each (key, order) once, or twice where only its match differs: removed, then added.
    // By key.
    std::vector<EntryChange> entries;
    // Ids of the orders in `entries`, those that are gone now as well.
    std::map<policy::OrderIndex, std::string> ids;
};

// From the state at `from` to that at `to`; from <= to <= s.serial(). Time and memory grow
// with the changes since `from`. Throws Error(database) when they are damaged.
Difference difference(const Snapshot& s, std::uint64_t from, std::uint64_t to);

// Into the difference the other way round.
void invert(Difference& d);

// What remains of changes made one after the other.
std::vector<EntryChange> net(std::vector<EntryChange> made);

}  // namespace saring::ledger
