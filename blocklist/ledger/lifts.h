// The table `lifts`: which orders are lifted, whole or by name, and by which order. A lift may come before what
// it lifts, so the table is asked whenever an order comes in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/snapshot.h"
#include "order/revocation.h"

namespace saring::ledger {

// The key of a lift. `name` is a lookup key, empty for the whole order; `below`: and every name below it.
Bytes lift_key(ByteView id, ByteView name, bool below = false);
Bytes lift_key(const order::Revocation& r);

// The order that lifted the whole order `id`, or `name` (a lookup key) of it: the first that did.
std::optional<policy::OrderIndex> lifter_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id);
std::optional<policy::OrderIndex> lifter_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id,
                                            ByteView name);
// Whether single names of the order are lifted.
bool lifts_names_of(const lmdb::Transaction& txn, const Tables& tables, ByteView id);

// A revocation that changed nothing here, and why.
struct IdleLift {
    order::Revocation lift;
    Message why;
};
// Those of the order at `index`, as the database is now; empty for what is no signed order. Throws Error(database).
std::vector<IdleLift> idle_lifts(const Snapshot& s, policy::OrderIndex index);

// A target of an order that another order lifted from it.
struct LiftedName {
    OwnerName name;
    UnixTime lifted = 0;  // when both were here
    std::string by;       // id of the lifting order
};
// Of an order that is lifted whole: none. In the order of its document.
std::vector<LiftedName> lifted_names(const Snapshot& s, policy::OrderIndex index);

}  // namespace saring::ledger
