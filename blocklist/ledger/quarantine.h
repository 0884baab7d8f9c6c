// Targets that a safety rule holds back from their order, and what a person decided. A
// record is never removed, only its state moves on; whether its order still has a say is
// decided when it is read, so revocation and expiry close it without a write.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/records.h"
#include "ledger/schema.h"

namespace saring::ledger {

// Persisted; do not renumber.
enum class HeldKind : std::uint8_t {
    whole =
        0,     // every target of the order that is not held by itself; the key is empty, of a list's edition its digest
    name = 1,  // key: lookup key
    address = 2,  // key: prefix key
};

// Persisted; do not renumber.
enum class HeldState : std::uint8_t {
    held = 0,
    released = 1,   // in force under its order
    discarded = 2,  // a person agreed with the rule
    closed = 3,     // its order, or the list, no longer asks for it
};
const char* to_string(HeldState s);

// A target with what a rule says against it.
struct HeldTarget {
    HeldKind kind = HeldKind::name;
    Bytes key;
    policy::Match match = policy::Match::subtree;
    std::string rule, why;
};

struct HeldRecord {
    HeldState state = HeldState::held;
    policy::Match match = policy::Match::subtree;
    UnixTime since = 0;
    std::uint64_t serial = 0;          // the commit that held it
    UnixTime decided = policy::never;  // when it left the state held
    std::string rule, why;
    std::string by, reason;  // of the decision
    std::string digest;      // of a list's edition that was held as a whole (ledger/edition.h)
    Bytes change;            // of such an edition, while it waits: what it would change, as encode(EditionChange)
};
Bytes encode(const HeldRecord& r);
HeldRecord decode_held_record(ByteView value);

struct Held {
    policy::OrderIndex order = 0;
    HeldKind kind = HeldKind::name;
    Bytes key;
    HeldRecord record;
};

// One record of the table. Throws Error(database) when its key or value is none.
Held read_held(ByteView key, ByteView value);

// Order index, big-endian u32; kind; key.
Bytes quarantine_key(policy::OrderIndex order, HeldKind kind, ByteView key);

std::optional<HeldRecord> find_held(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order,
                                    HeldKind kind, ByteView key);
// By order, names in key order. The second visits those of one order.
void each_held(const lmdb::Transaction& txn, const Tables& tables, const std::function<void(const Held&)>& visit);
void each_held(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order,
               const std::function<void(const Held&)>& visit);

// Editions of a list that were held, in no order.
std::vector<Held> editions_of(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex list);
// What stands against the order or list as a whole: of several editions the one that waits, else the latest.
std::optional<Held> find_whole(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order);

// The state at `now`: closed where nobody decided and the order has been lifted or has expired.
// A list's content that was held as a whole waits on.
HeldState state_of(const HeldRecord& held, const policy::OrderRecord& order, UnixTime now);
// How many wait for a decision at `now`.
std::uint64_t count_held(const lmdb::Transaction& txn, const Tables& tables, UnixTime now);

// The target as people write it; "*" for the whole.
std::string target_text(HeldKind kind, ByteView key);

}  // namespace saring::ledger
