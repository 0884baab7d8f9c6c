#include "hits/reader.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/hex.h"
#include "hits/candidates.h"
#include "hits/counts.h"

namespace saring::hits {
namespace {

// False: the visitor has enough.
bool visit_block(std::uint64_t first, ByteView block, const HitFilter& filter, bool backwards, const std::function<bool(const Hit&)>& visit) {
    BlockColumns columns(first, block);
    auto rows = columns.accepted(filter);
    if (backwards) std::reverse(rows.begin(), rows.end());
    for (auto row : rows)
        if (!visit(columns.hit(row))) return false;
    return true;
}

}  // namespace

std::uint64_t HitsSummary::recorded() const {
    std::uint64_t n = 0;
    for (const auto& i : instances) n += i.recorded;
    return n;
}

std::uint64_t HitsSummary::dropped() const {
    std::uint64_t n = 0;
    for (const auto& i : instances) n += i.dropped;
    return n;
}

HitsReader::HitsReader(std::shared_ptr<HitsDatabase> db) : db_(std::move(db)), txn_(db_->environment()) { db_->environment().require_whole(); }

void HitsReader::each_block(const HitFilter& filter, Direction direction, const std::function<bool(std::uint64_t, ByteView)>& visit) const {
    bool backwards = direction == Direction::newest_first;
    const auto& t = db_->tables();
    auto look = [&](std::uint64_t first, ByteView block) {
        BlockHead head = decode_block_head(block);
        if (first >= filter.before) return backwards;
        if (head.last_sequence <= filter.after || head.greatest < filter.since || head.least >= filter.until) return true;
        return visit(first, block);
    };
    if (auto candidates = candidate_blocks(txn_, t, filter)) {
        if (backwards) std::reverse(candidates->begin(), candidates->end());
        for (auto first : *candidates) {
            auto block = txn_.get(t.blocks, be64(first));
            if (block && !look(first, *block)) return;  // gone: a damaged one was removed
        }
        return;
    }
    ledger::lmdb::Cursor cursor(txn_, t.blocks);
    // The block that holds the first sequence wanted may begin before it.
    auto item = backwards ? cursor.at_or_before(be64(filter.before)) : filter.after ? cursor.at_or_before(be64(filter.after + 1)) : cursor.first();
    if (!item && !backwards) item = cursor.first();
    for (; item; item = backwards ? cursor.previous() : cursor.next()) {
        if (backwards && decode_block_head(item->value).last_sequence <= filter.after) return;
        if (!look(from_be(item->key), item->value)) return;
    }
}

void HitsReader::each(const HitFilter& filter, Direction direction, const std::function<bool(const Hit&)>& visit) const {
    in_hits([&] {
        each_block(filter, direction, [&](std::uint64_t first, ByteView block) {
            return visit_block(first, block, filter, direction == Direction::newest_first, visit);
        });
    });
}

void HitsReader::each_columns(const HitFilter& filter, const std::function<void(const BlockColumns&, const std::vector<std::uint32_t>&)>& visit) const {
    in_hits([&] {
        each_block(filter, Direction::oldest_first, [&](std::uint64_t first, ByteView block) {
            BlockColumns columns(first, block);
            if (auto rows = columns.accepted(filter); !rows.empty()) visit(columns, rows);
            return true;
        });
    });
}

HitsSummary HitsReader::summary() const {
    return in_hits([&] {
        const auto& t = db_->tables();
        HitsSummary s;
        s.id = hex(txn_.get(t.meta, hits_meta::id).value_or(""));
        auto next = read_count(txn_, t.meta, hits_meta::next_sequence);
        s.last_sequence = next > 0 ? next - 1 : 0;
        s.kept = read_count(txn_, t.meta, hits_meta::kept);
        s.expired = read_count(txn_, t.meta, hits_meta::expired);
        s.purged = read_count(txn_, t.meta, hits_meta::purged);
        s.bytes = db_->used_bytes(txn_);
        ledger::lmdb::Cursor blocks(txn_, t.blocks);
        if (auto item = blocks.first()) s.oldest = decode_block_head(item->value).least;
        if (auto item = blocks.last()) s.newest = decode_block_head(item->value).greatest;
        ledger::lmdb::Cursor instances(txn_, t.instances);
        for (auto item = instances.first(); item; item = instances.next()) s.instances.push_back(decode_instance_totals(item->key, item->value));
        ledger::lmdb::Cursor consumers(txn_, t.consumers);
        for (auto item = consumers.first(); item; item = consumers.next())
            s.consumers.push_back({std::string(item->key), ByteReader(item->value, "consumer of hits").integer<std::uint64_t>()});
        ledger::lmdb::Cursor hours(txn_, t.order_hours);
        if (auto item = hours.first()) s.first_hour = hour_of_key(item->key);
        if (auto item = hours.last()) s.last_hour = hour_of_key(item->key);
        return s;
    });
}

namespace {

// The keys of a table of hours, from one hour to before another.
void each_hour_key(const ledger::lmdb::Transaction& txn, MDB_dbi db, Hour since, Hour until, const std::function<void(Hour, ByteView, ByteView)>& visit) {
    ledger::lmdb::Cursor cursor(txn, db);
    for (auto item = cursor.at_or_after(hour_key(since)); item; item = cursor.next()) {
        if (item->key.size() < 3) throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, msg("hits database"), msg("corrupt: a key of an hour is cut short"), "");
        Hour hour = hour_of_key(item->key);
        if (hour >= until) return;
        visit(hour, item->key.substr(3), item->value);
    }
}

policy::Action action_of(ByteView rest) {
    if (rest.empty() || static_cast<unsigned char>(rest[0]) > static_cast<unsigned char>(policy::Action::log))
        throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, msg("hits database"), msg("corrupt: a count has an unknown action"), "");
    return static_cast<policy::Action>(rest[0]);
}

std::uint64_t count_of(ByteView value) { return ByteReader(value, "count of hits").integer<std::uint64_t>(); }

// Numbers of orders back to their ids, each looked up once.
class OrderIds {
public:
    OrderIds(const ledger::lmdb::Transaction& txn, MDB_dbi db) : txn_(txn), db_(db) {}
    const std::string& at(ByteView number) {
        if (number.size() < 4) throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, msg("hits database"), msg("corrupt: a count lacks its order"), "");
        auto [known, is_new] = ids_.try_emplace(from_be(number.substr(0, 4)));
        if (is_new) known->second = std::string(txn_.get(db_, number.substr(0, 4)).value_or(""));
        return known->second;
    }

private:
    const ledger::lmdb::Transaction& txn_;
    MDB_dbi db_;
    std::map<std::uint64_t, std::string> ids_;
};

}  // namespace

void HitsReader::each_order_hour(Hour since, Hour until, const std::function<void(const OrderHour&)>& visit) const {
    in_hits([&] {
        OrderIds ids(txn_, db_->tables().order_ids);
        each_hour_key(txn_, db_->tables().order_hours, since, until, [&](Hour hour, ByteView rest, ByteView value) {
            const auto& order = ids.at(rest);
            policy::Action action = action_of(rest.substr(4));
            visit({hour, order, std::string(rest.substr(5)), action, count_of(value)});
        });
    });
}

void HitsReader::each_order_total(const std::function<void(const OrderTotal&)>& visit) const {
    in_hits([&] {
        OrderIds ids(txn_, db_->tables().order_ids);
        ledger::lmdb::Cursor cursor(txn_, db_->tables().order_totals);
        for (auto item = cursor.first(); item; item = cursor.next()) visit({ids.at(item->key), action_of(item->key.substr(4)), count_of(item->value)});
    });
}

void HitsReader::each_name_hour(Hour since, Hour until, const std::function<void(const NameHour&)>& visit) const {
    in_hits([&] {
        OrderIds ids(txn_, db_->tables().order_ids);
        std::unordered_map<Bytes, std::string> texts;
        each_hour_key(txn_, db_->tables().name_hours, since, until, [&](Hour hour, ByteView rest, ByteView value) {
            const auto& order = ids.at(rest);
            // A name stands in many hours; its text is made once.
            auto [text, is_new] = texts.try_emplace(Bytes(rest.substr(4)));
            if (is_new) text->second = matched_text(rest.substr(4));
            visit({hour, order, text->second, count_of(value)});
        });
    });
}

void HitsReader::each_dropped_hour(Hour since, Hour until, const std::function<void(Hour, std::uint64_t)>& visit) const {
    in_hits([&] {
        each_hour_key(txn_, db_->tables().dropped_hours, since, until, [&](Hour hour, ByteView, ByteView value) { visit(hour, count_of(value)); });
    });
}

std::uint64_t HitsReader::shipped(const std::string& consumer) const {
    return in_hits([&] { return read_count(txn_, db_->tables().consumers, consumer); });
}

}  // namespace saring::hits
