// What the blocklist said at an earlier serial about one name or address: the journal's changes, undone one commit
// after the other. Only the entries that can concern the name are followed, and all other records that changed.
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
    // Begins at the snapshot's serial. It must outlive this.
    Past(const Snapshot& now, std::vector<Bytes> keys, bool addresses);

    std::uint64_t serial() const { return serial_; }  // the state is that after this commit

    struct UndoneCommit {
        std::vector<EntryChange> entries;  // as that commit made them, one after the other; lists added whole too
        std::map<policy::OrderIndex, std::optional<policy::OrderRecord>> orders;  // that it changed, as it left them
        std::map<Bytes, std::string> lifts;  // of that table: which order each new key is lifted by
    };
    // Undoes the commit serial(), which must not be 0. Throws Error(database) when its changes are damaged or missing.
    UndoneCommit back();

    Bytes entries(const Bytes& key) const;
    std::optional<Bytes> record(RecordTable table, const Bytes& key) const;
    std::optional<policy::OrderRecord> order(policy::OrderIndex index) const;

    // Puts the state into an empty database: entries, their orders with all that belongs to them, and what is in
    // quarantine of the name or of whole orders.
    void plant(lmdb::WriteTxn& txn, const Tables& tables) const;

private:
    const Snapshot& now_;
    std::vector<Bytes> keys_;
    bool addresses_;
    std::uint64_t serial_;
    std::map<Bytes, Bytes> entries_;                                        // by key, where there are any
    std::map<std::pair<RecordTable, Bytes>, std::optional<Bytes>> undone_;  // records that differ from now
};

}  // namespace saring::ledger
