// Reading hits while resolvers write them. A HitsReader is one consistent view; it is
// cheap to make, and a long-lived one keeps the writers from reusing space: make a new
// one for each look of a `tail --follow`. Used by one thread.
//
// All members throw Error(database) on damage, nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hits/columns.h"
#include "hits/database.h"
#include "hits/filter.h"
#include "hits/reader_types.h"

namespace saring::hits {

class HitsReader {
public:
    explicit HitsReader(std::shared_ptr<HitsDatabase> db);

    enum class Direction { oldest_first, newest_first };
    // In the order of sequence. `visit` returns false to stop. Uses the indexes of order, name,
    // client, region and hour, then looks at the blocks that may hold what is wanted.
    void each(const HitFilter& filter, Direction direction, const std::function<bool(const Hit&)>& visit) const;

    // The same, a block at a time: the rows that the filter accepts. For counting.
    void each_columns(const HitFilter& filter, const std::function<void(const BlockColumns&, const std::vector<std::uint32_t>& rows)>& visit) const;

    HitsSummary summary() const;

    // Aggregates by hour, which outlive the records: since <= hour < until, ascending.
    void each_order_hour(Hour since, Hour until, const std::function<void(const OrderHour&)>& visit) const;
    void each_order_total(const std::function<void(const OrderTotal&)>& visit) const;
    void each_name_hour(Hour since, Hour until, const std::function<void(const NameHour&)>& visit) const;
    // Hits of each hour whose records were dropped, of all instances.
    void each_dropped_hour(Hour since, Hour until, const std::function<void(Hour, std::uint64_t)>& visit) const;

    // How far a named consumer (hits ship) has come; 0 at first.
    std::uint64_t shipped(const std::string& consumer) const;

private:
    // Those that may hold what is wanted. `visit` returns false to stop.
    void each_block(const HitFilter& filter, Direction direction, const std::function<bool(std::uint64_t, ByteView)>& visit) const;

    std::shared_ptr<HitsDatabase> db_;
    ledger::lmdb::ReadTxn txn_;
};

}  // namespace saring::hits
