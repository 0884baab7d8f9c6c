// Which commits changed what orders say about one name or address, told from the journal.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/journal.h"
#include "ledger/past.h"

namespace saring::ledger {

// One order's claim on the name, as one commit changed it.
struct NameChange {
    std::uint64_t serial = 0;
    bool listed = false;  // else removed
    policy::OrderIndex index = 0;
    std::string order;   // its id
    std::string target;  // the listed name or prefix
    policy::Match match = policy::Match::subtree;
    std::string by;  // of a removal: who lifted it, as "order B-2" or "operator root: why"; empty when no lift did it
};

struct HistoryTarget {
    std::optional<OwnerName> name;
    Prefix address;  // when no name is asked for

    std::vector<Bytes> keys() const { return name ? keys_over(*name) : keys_over(address); }
};

// Those with a serial above `after`, the newest first. Time grows with the journal's changes.
std::vector<NameChange> name_changes(const Snapshot& s, const HistoryTarget& asked, std::uint64_t after = 0);

// The last serial committed by `time`; 0 before the first.
std::uint64_t serial_at(const Snapshot& s, UnixTime time);

// The state at an earlier serial as far as the name is concerned, to be asked like any other. Lies in a temporary
// folder while this lives, and is never committed.
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
