// The table `lifts`: which orders are lifted, whole or by name, and by which order. A lift may arrive before the order
// it lifts, so the table is read whenever an order arrives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/snapshot.h"
#include "order/revocation.h"

namespace saring::ledger {

// The key of a lift. `name` is a lookup key, empty for the whole order. `below`: the name and all names below it.
Bytes lift_key(ByteView id, ByteView name, bool below = false);
Bytes lift_key(const order::Revocation& r);

// The order that lifted the whole order `id`, or its name `name` (a lookup key); the first one, if several did.
std::optional<policy::OrderIndex> lifter_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id);
std::optional<policy::OrderIndex> lifter_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id,
                                            ByteView name);
// Whether single names of the order are lifted.
bool lifts_names_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id);

// Whether the order lists nothing and only lifts other orders or names of them. Throws Error(database).
bool only_lifts(const Snapshot& s, policy::OrderIndex index, const policy::OrderRecord& record);

// A revocation that changed nothing, and the reason.
struct IdleLift {
    order::Revocation lift;
    Message why;
};
// Those of the order at `index`, in the database's present state; empty for lists and local entries. Throws
// Error(database).
std::vector<IdleLift> idle_lifts(const Snapshot& s, policy::OrderIndex index);

// A name of an order, lifted by another order.
struct LiftedName {
    OwnerName name;
    UnixTime lifted = 0;  // when both orders were applied
    std::string by;       // id of the lifting order
};
// In the sequence of the order's document; empty when the whole order is lifted.
std::vector<LiftedName> lifted_names(const Snapshot& s, policy::OrderIndex index);

}  // namespace saring::ledger
