#include "hits/writer.h"

#include <algorithm>
#include <limits>

namespace saring::hits {
namespace {

// A step of retention is bounded, so that no commit takes long.
constexpr int blocks_a_commit = 64;
constexpr int hour_keys_a_commit = 20000;

// Adds to counts, in ascending order of their keys: neighbours are on one page.
class CountAdder {
public:
    CountAdder(ledger::lmdb::WriteTxn& txn, MDB_dbi db) : cursor_(txn, db) {}
    void add(ByteView key, std::uint64_t n) {
        auto item = cursor_.at(key);
        std::uint64_t before = item ? ByteReader(item->value, "count").integer<std::uint64_t>() : 0;
        cursor_.put(key, encode_count(before + n), item ? MDB_CURRENT : 0u);
    }

private:
    ledger::lmdb::Cursor cursor_;
};

Bytes count_key(Hour hour, std::uint32_t order, ByteView rest) { return hour_key(hour) + be32(order).append(rest); }

}  // namespace

void HitBatch::add(const Hit& h) {
    bool room = !blocks_.empty() && !blocks_.back().full();
    if (!room && blocks_.size() < most_blocks) {
        blocks_.emplace_back();
        room = true;
    }
    if (room) blocks_.back().add(h);
    counts_.add(hour_of(h.time), h.order, {h.trigger, h.listed, h.prefix}, h.region, h.action, !room);
}

std::size_t HitBatch::records() const {
    std::size_t n = 0;
    for (const auto& b : blocks_) n += b.size();
    return n;
}

void HitBatch::clear() {
    blocks_.clear();
    counts_.clear();
}

HitsWriter::HitsWriter(std::shared_ptr<HitsDatabase> db, const config::HitsConfig& config)
    : db_(std::move(db)), config_(config), instance_(config.instance_name()) {}

void put_block(ledger::lmdb::WriteTxn& txn, const HitsTables& tables, std::uint64_t first, const Bytes& block, const BlockBuilder& content) {
    txn.put(tables.blocks, be64(first), block);
    ledger::lmdb::Cursor index(txn, tables.index);
    for (const auto& key : content.index_keys()) index.put(key, be64(first));
}

void erase_block(ledger::lmdb::WriteTxn& txn, const HitsTables& tables, std::uint64_t first, const BlockBuilder& content) {
    txn.erase(tables.blocks, be64(first));
    for (const auto& key : content.index_keys()) txn.erase(tables.index, key, be64(first));
}

std::uint32_t HitsWriter::order_number(ledger::lmdb::WriteTxn& txn, ByteView order) {
    const auto& t = db_->tables();
    if (order.empty()) return 0;  // could not be kept, see HitCounts
    if (auto known = txn.get(t.order_numbers, order)) return static_cast<std::uint32_t>(from_be(*known));
    auto number = static_cast<std::uint32_t>(txn.entries(t.order_ids) + 1);
    txn.put(t.order_numbers, order, be32(number));
    txn.put(t.order_ids, be32(number), order);
    return number;
}

void HitsWriter::write_counts(ledger::lmdb::WriteTxn& txn, const HitCounts& counts) {
    const auto& t = db_->tables();
    std::vector<std::uint32_t> numbers;  // in the database, by the number in counts
    for (std::uint32_t order = 0; order < counts.orders().size(); ++order) numbers.push_back(order_number(txn, counts.orders()[order]));
    using Rows = std::vector<std::pair<Bytes, std::uint64_t>>;
    auto add_rows = [&](MDB_dbi db, Rows& rows) {
        std::sort(rows.begin(), rows.end());
        CountAdder adder(txn, db);
        for (const auto& [key, n] : rows) adder.add(key, n);
    };
    Rows orders, totals, names;
    counts.each_order([&](const HitCounts::OrderCount& c) {
        Bytes action(1, static_cast<char>(c.action));
        orders.emplace_back(count_key(c.hour, numbers[c.order], Bytes(action).append(c.region)), c.n);
        totals.emplace_back(be32(numbers[c.order]) + action, c.n);
    });
    names.reserve(counts.names());
    counts.each_name([&](const HitCounts::NameCount& c) { names.emplace_back(count_key(c.hour, numbers[c.order], matched_key(c.matched)), c.n); });
    add_rows(t.order_hours, orders);
    add_rows(t.order_totals, totals);
    add_rows(t.name_hours, names);
    for (const auto& [hour, n] : counts.dropped_hours()) add_count(txn, t.dropped_hours, hour_key(hour), n);
}

void HitsWriter::commit(HitBatch& batch, Microseconds now) {
    if (batch.empty()) return;
    in_hits([&] {
        const auto& t = db_->tables();
        ledger::lmdb::WriteTxn txn(db_->environment());
        // What is too old makes room for what comes.
        retire(txn, now);
        auto next = read_count(txn, t.meta, hits_meta::next_sequence);
        auto first = next;
        for (const auto& b : batch.blocks()) {
            put_block(txn, t, next, b.encode(next), b);
            next += b.size();
        }
        add_count(txn, t.meta, hits_meta::next_sequence, next - first);
        add_count(txn, t.meta, hits_meta::kept, next - first);
        write_counts(txn, batch.counts());
        auto before = txn.get(t.instances, instance_);
        InstanceTotals totals = before ? decode_instance_totals(instance_, *before) : InstanceTotals{};
        totals.recorded += next - first;
        totals.dropped += batch.counts().dropped();
        totals.uncounted += batch.counts().uncounted();
        totals.last = now;
        txn.put(t.instances, instance_, encode(totals));
        ledger::lmdb::commit(std::move(txn));
    });
    batch.clear();
}

void HitsWriter::retire(Microseconds now) {
    in_hits([&] {
        ledger::lmdb::WriteTxn txn(db_->environment());
        retire(txn, now);
        ledger::lmdb::commit(std::move(txn));
    });
}

void HitsWriter::retire(ledger::lmdb::WriteTxn& txn, Microseconds now) {
    for (int i = 0; i < blocks_a_commit && retire_oldest_block(txn, now - config_.keep_days * day_us, false); ++i) {
    }
    retire_oldest_hours(txn, hour_of(now - config_.keep_hours_days * day_us));
    for (int i = 0; i < blocks_a_commit && db_->used_bytes(txn) > config_.max_size; ++i)
        if (!retire_oldest_block(txn, now, true) && !retire_oldest_hours(txn, std::numeric_limits<Hour>::max())) return;
}

bool HitsWriter::retire_oldest_block(ledger::lmdb::WriteTxn& txn, Microseconds before, bool whatever_age) {
    const auto& t = db_->tables();
    std::uint64_t first = 0, count = 0;
    BlockBuilder content;
    {
        ledger::lmdb::Cursor cursor(txn, t.blocks);
        auto item = cursor.first();
        if (!item) return false;
        first = from_be(item->key);
        try {
            BlockHead head = decode_block_head(item->value);
            if (!whatever_age && head.greatest >= before) return false;
            count = head.count;
            for (const auto& h : decode_block(first, item->value)) content.add(h);
        } catch (const Error&) {
            // A damaged block must not keep later ones from being written; readers pass over
            // what the indexes say of it.
            content = BlockBuilder();
        }
    }
    erase_block(txn, t, first, content);
    add_count(txn, t.meta, hits_meta::expired, count);
    auto kept = read_count(txn, t.meta, hits_meta::kept);
    txn.put(t.meta, hits_meta::kept, encode_count(kept - std::min(kept, count)));
    return true;
}

// Of the oldest hour that is there and lies before `before`; false when there is none.
bool HitsWriter::retire_oldest_hours(ledger::lmdb::WriteTxn& txn, Hour before) {
    const auto& t = db_->tables();
    bool any = false;
    for (MDB_dbi db : {t.order_hours, t.name_hours, t.dropped_hours}) {
        ledger::lmdb::Cursor cursor(txn, db);
        auto item = cursor.first();
        if (!item || hour_of_key(item->key) >= before) continue;
        any = true;
        Hour oldest = hour_of_key(item->key);
        for (int i = 0; i < hour_keys_a_commit && item && hour_of_key(item->key) == oldest; ++i) {
            cursor.erase();
            item = cursor.first();
        }
    }
    return any;
}

}  // namespace saring::hits
