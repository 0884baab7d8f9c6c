// Targets of an order that a safety rule holds, and the decisions of people. Records are never removed; only their
// state changes. state_of() closes records of revoked and expired orders when they are read, so no write is needed.
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
    // Every target of the order that has no record of its own; the key is empty, of a list's edition its digest.
    whole = 0,
    name = 1,     // key: lookup key
    address = 2,  // key: prefix key
};

// Persisted; do not renumber.
enum class HeldState : std::uint8_t {
    held = 0,
    released = 1,   // in force under its order
    discarded = 2,  // a person confirmed the rule
    closed = 3,     // the order or the list no longer has the target
};
const char* to_string(HeldState s);

// A target and the rule that holds it.
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
    std::uint64_t serial = 0;          // of the commit that held it
    UnixTime decided = policy::never;  // when the state `held` ended
    std::string rule, why;
    std::string by, reason;  // of the decision
    std::string digest;      // of a list's edition that is held as a whole (ledger/edition.h)
    Bytes change;            // of such an edition while it is held: encode(EditionChange)
};
Bytes encode(const HeldRecord& r);
HeldRecord decode_held_record(ByteView value);

struct Held {
    policy::OrderIndex order = 0;
    HeldKind kind = HeldKind::name;
    Bytes key;
    HeldRecord record;
};

// Decodes one record of the table. Throws Error(database) for an invalid key or value.
Held read_held(ByteView key, ByteView value);

// Order index, big-endian u32; kind; key.
Bytes quarantine_key(policy::OrderIndex order, HeldKind kind, ByteView key);

std::optional<HeldRecord> find_held(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order,
                                    HeldKind kind, ByteView key);
// Sorted by order, then by key. The second one visits the records of one order.
void each_held(const lmdb::Transaction& txn, const Tables& tables, const std::function<void(const Held&)>& visit);
void each_held(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order,
               const std::function<void(const Held&)>& visit);

// Held editions of a list, in no particular order.
std::vector<Held> editions_of(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex list);
// The record for the order or list as a whole; of several editions the one that is still held, else the latest.
std::optional<Held> find_whole(const lmdb::Transaction& txn, const Tables& tables, policy::OrderIndex order);

// The state at `now`: closed if it was held and the order has been lifted or has expired. An edition of a list that is
// held as a whole stays held.
HeldState state_of(const HeldRecord& held, const policy::OrderRecord& order, UnixTime now);
// Number of targets held at `now`.
std::uint64_t count_held(const lmdb::Transaction& txn, const Tables& tables, UnixTime now);

// The target in text form; "*" for the whole.
std::string target_text(HeldKind kind, ByteView key);

}  // namespace saring::ledger
