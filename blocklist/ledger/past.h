// The blocklist at an earlier serial, for one name or address: undoes the commits' changes one commit at a time. Tracks
// only the entries that may concern the name, and all other changed records.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ledger/changes.h"
#include "ledger/snapshot.h"

namespace saring::ledger {

// The keys under which the name or address can be listed: its own and its ancestors', or the prefixes that contain it.
std::vector<Bytes> keys_over(const OwnerName& name);
std::vector<Bytes> keys_over(const Prefix& address);

class Past {
public:
    // Begins at the serial of `now`, which must outlive this object.
    Past(const Snapshot& now, std::vector<Bytes> keys, bool addresses);

    std::uint64_t serial() const { return serial_; }  // the state is that after this commit

    struct UndoneCommit {
        std::vector<EntryChange> entries;  // in the sequence of the changes; includes lists added whole
        std::map<policy::OrderIndex, std::optional<policy::OrderRecord>> orders;  // changed orders, after the commit
        std::map<Bytes, std::string> lifts;  // new keys of the table `lifts`, with the id of the lifting order
    };
    // Undoes commit serial(), which must not be 0. Throws Error(database) when its changes are damaged or missing.
    UndoneCommit back();

    Bytes entries(const Bytes& key) const;
    std::optional<Bytes> record(RecordTable table, const Bytes& key) const;
    std::optional<policy::OrderRecord> order(policy::OrderIndex index) const;

    // Writes the state to an empty database: the entries, their orders with all their records, and the quarantine
    // records of the name or of whole orders.
    void plant(lmdb::WriteTxn& txn, const Tables& tables) const;

private:
    const Snapshot& now_;
    std::vector<Bytes> keys_;
    bool addresses_;
    std::uint64_t serial_;
    std::map<Bytes, Bytes> entries_;                                        // by key; only keys with entries
    std::map<std::pair<RecordTable, Bytes>, std::optional<Bytes>> undone_;  // records that differ from the present
};

}  // namespace saring::ledger
