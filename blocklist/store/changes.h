// What one commit altered, exactly: the module evicts from it, a rollback inverts it.
#pragma once

#include <vector>

#include "store/records.h"

namespace saring {

struct EntryChange {
    bool added;
    bool address;  // key is a prefix key, else a lookup key
    Entry entry;
    Bytes key;
};

struct Changes {
    // Order records as they were before; an empty image: it was not there.
    std::vector<std::pair<OrderIndex, Bytes>> orders_before;
    std::vector<EntryChange> entries;
    // Lists whose every entry this commit added; their names are not repeated here.
    std::vector<OrderIndex> whole_lists_added;
    // Quarantine records as they were before; an empty image: it was not there.
    std::vector<std::pair<Bytes, Bytes>> quarantine_before;
    // Keys of `lifts` that this commit added.
    std::vector<Bytes> lifts_added;
};

// Compressed with zstd. decode throws Error(database) on damage.
Bytes encode(const Changes& c);
Changes decode_changes(ByteView value);

}  // namespace saring
