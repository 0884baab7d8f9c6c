// What one commit altered, exactly: the module evicts from it, a rollback inverts it.
#pragma once

#include <optional>
#include <vector>

#include "ledger/records.h"
#include "ledger/schema.h"

namespace saring::ledger {

struct EntryChange {
    bool added;
    bool address;  // key is a prefix key, else a lookup key
    policy::Entry entry;
    Bytes key;
};

// The tables of which a commit keeps whole records as they were. Persisted; do not renumber.
enum class RecordTable : std::uint8_t {
    orders = 0,
    order_ids = 1,
    documents = 2,
    texts = 3,
    lifts = 4,
    quarantine = 5,
};
constexpr RecordTable record_tables[] = {RecordTable::orders, RecordTable::order_ids, RecordTable::documents,
                                         RecordTable::texts,  RecordTable::lifts,     RecordTable::quarantine};
MDB_dbi handle_of(RecordTable table, const Tables& tables);
const char* to_string(RecordTable table);

struct RecordBefore {
    RecordTable table;
    Bytes key;
    std::optional<Bytes> image;  // nothing: it was not there
    bool operator==(const RecordBefore&) const = default;
};

struct Changes {
    std::vector<RecordBefore> records;  // each record once
    std::vector<EntryChange> entries;   // in the order they were made
    // Lists that had no name before and whose every name this commit added; these are not
    // repeated here. Their addresses are.
    std::vector<policy::OrderIndex> whole_lists_added;
};

// Compressed with zstd. decode throws Error(database) on damage.
Bytes encode(const Changes& c);
Changes decode_changes(ByteView value);

// Throws Error(database) when the commit has none, or damaged ones.
Changes read_changes(const lmdb::Transaction& txn, const Tables& tables, std::uint64_t serial);

}  // namespace saring::ledger
