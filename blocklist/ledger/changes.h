// The exact changes of one commit. Publishing takes a delta from them; a rollback inverts them.
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

// Tables of which a commit stores whole records as they were before. Persisted; do not renumber.
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
    std::optional<Bytes> image;  // nothing: there was no record
    bool operator==(const RecordBefore&) const = default;
};

struct Changes {
    std::vector<RecordBefore> records;  // each record once
    std::vector<EntryChange> entries;   // in the sequence of the changes
    // Lists that had no name before and of which this commit added every name. Their names are not in `entries`; their
    // addresses are.
    std::vector<policy::OrderIndex> whole_lists_added;
};

// Compressed with zstd. decode throws Error(database) on damage.
Bytes encode(const Changes& c);
Changes decode_changes(ByteView value);

// Throws Error(database) when the commit has no changes on record, or damaged ones.
Changes read_changes(const lmdb::Transaction& txn, const Tables& tables, std::uint64_t serial);

}  // namespace saring::ledger
