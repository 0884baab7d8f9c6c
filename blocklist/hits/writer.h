// What one resolver adds to the hits database: a batch a transaction, and what is too old
// or too much goes in the same one. Used by one thread.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "hits/block.h"
#include "hits/counts.h"
#include "hits/database.h"

namespace saring::hits {

// Hits that wait to be written. Bounded: over `most_blocks` further hits are counted only.
class HitBatch {
public:
    static constexpr std::size_t most_blocks = 4;

    void add(const Hit& hit);
    void add_counts(const HitCounts& counts) { counts_.merge(counts); }
    bool empty() const { return counts_.total() == 0; }
    std::size_t records() const;
    const std::deque<BlockBuilder>& blocks() const { return blocks_; }
    const HitCounts& counts() const { return counts_; }
    void clear();

private:
    std::deque<BlockBuilder> blocks_;
    HitCounts counts_;  // of the records too
};

class HitsWriter {
public:
    HitsWriter(std::shared_ptr<HitsDatabase> db, const config::HitsConfig& config);

    // Writes the batch and clears it. Throws lmdb::Failure, with nothing written and the
    // batch as it was.
    void commit(HitBatch& batch, Microseconds now);
    // Removes what is too old or too much, a bounded step a call; also part of commit.
    void retire(Microseconds now);

    HitsDatabase& database() { return *db_; }

private:
    std::uint32_t order_number(ledger::lmdb::WriteTxn& txn, ByteView order);
    void write_counts(ledger::lmdb::WriteTxn& txn, const HitCounts& counts);
    void retire(ledger::lmdb::WriteTxn& txn, Microseconds now);
    bool retire_oldest_block(ledger::lmdb::WriteTxn& txn, Microseconds before, bool whatever_age);
    bool retire_oldest_hours(ledger::lmdb::WriteTxn& txn, Hour before);

    std::shared_ptr<HitsDatabase> db_;
    const config::HitsConfig config_;
    const std::string instance_;
};

// Takes a block out of the database and its indexes. For retention and purge.
void erase_block(ledger::lmdb::WriteTxn& txn, const HitsTables& tables, std::uint64_t first, const BlockBuilder& content);
void put_block(ledger::lmdb::WriteTxn& txn, const HitsTables& tables, std::uint64_t first, const Bytes& block, const BlockBuilder& content);

}  // namespace saring::hits
