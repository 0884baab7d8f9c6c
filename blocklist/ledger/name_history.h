// The commits that changed what orders say about one name or address, from the journal.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/journal.h"
#include "ledger/past.h"

namespace saring::ledger {

// One commit's change of one order's claim on the name.
struct NameChange {
    std::uint64_t serial = 0;
    bool listed = false;  // else removed
    policy::OrderIndex index = 0;
    std::string order;   // its id
    std::string target;  // the listed name or prefix
    policy::Match match = policy::Match::subtree;
    std::string by;  // of a removal: "order B-2" or "operator root: why"; empty unless it was a lift
};

struct HistoryTarget {
    std::optional<OwnerName> name;
    Prefix address;  // used when `name` is not set

    std::vector<Bytes> keys() const { return name ? keys_over(*name) : keys_over(address); }
};

// Changes with a serial above `after`, newest first. Time grows with the size of the journal's changes.
std::vector<NameChange> name_changes(const Snapshot& s, const HistoryTarget& asked, std::uint64_t after = 0);

// The last serial committed at or before `time`; 0 before the first.
std::uint64_t serial_at(const Snapshot& s, UnixTime time);

// The state at an earlier serial, limited to the records that concern the name; it can be queried like the present one.
// Stored in a temporary folder as long as the object lives, and never committed.
class PastSnapshot {
public:
    PastSnapshot(const Snapshot& now, const HistoryTarget& asked, std::uint64_t serial);
    ~PastSnapshot();
    PastSnapshot(const PastSnapshot&) = delete;
    PastSnapshot& operator=(const PastSnapshot&) = delete;

    const Snapshot& snapshot() const { return *snapshot_; }

private:
    std::string folder_;
    std::unique_ptr<lmdb::Environment> environment_;
    std::unique_ptr<lmdb::WriteTxn> txn_;
    Tables tables_{};
    std::optional<Snapshot> snapshot_;
};

}  // namespace saring::ledger
