#include "hits/maintenance.h"

#include "hits/candidates.h"
#include "hits/reader.h"
#include "hits/writer.h"

namespace saring::hits {
namespace {

// What of a block stays, and how many hits do not.
struct Remainder {
    BlockBuilder before, after;
    std::uint64_t first_after = 0, removed = 0;
};

Remainder without(std::uint64_t first, ByteView block, const HitFilter& filter) {
    Remainder r;
    BlockColumns columns(first, block);
    auto unwanted = columns.accepted(filter);
    r.removed = unwanted.size();
    if (unwanted.empty()) return r;
    auto next = unwanted.begin();
    for (std::uint32_t row = 0; row < columns.size(); ++row) {
        Hit h = columns.hit(row);
        r.before.add(h);
        if (next != unwanted.end() && *next == row) {
            ++next;
            continue;
        }
        if (r.after.size() == 0) r.first_after = h.sequence;
        r.after.add(h);
    }
    return r;
}

}  // namespace

std::uint64_t purge_hits(HitsDatabase& db, const HitFilter& filter) {
    return in_hits([&] {
        const auto& t = db.tables();
        ledger::lmdb::WriteTxn txn(db.environment());
        std::vector<std::uint64_t> blocks;
        if (auto candidates = candidate_blocks(txn, t, filter)) {
            blocks = std::move(*candidates);
        } else {
            ledger::lmdb::Cursor cursor(txn, t.blocks);
            for (auto item = cursor.first(); item; item = cursor.next()) blocks.push_back(from_be(item->key));
        }
        std::uint64_t removed = 0;
        for (auto first : blocks) {
            auto block = txn.get(t.blocks, be64(first));
            if (!block) continue;
            Remainder r = without(first, *block, filter);
            if (r.removed == 0) continue;
            removed += r.removed;
            erase_block(txn, t, first, r.before);
            if (r.after.size() > 0) put_block(txn, t, r.first_after, r.after.encode_kept(), r.after);
        }
        if (removed == 0) return removed;
        add_count(txn, t.meta, hits_meta::purged, removed);
        txn.put(t.meta, hits_meta::kept, encode_count(read_count(txn, t.meta, hits_meta::kept) - removed));
        ledger::lmdb::commit(std::move(txn));
        return removed;
    });
}

void set_shipped(HitsDatabase& db, const std::string& consumer, std::uint64_t sequence) {
    in_hits([&] {
        ledger::lmdb::WriteTxn txn(db.environment());
        txn.put(db.tables().consumers, consumer, encode_count(sequence));
        ledger::lmdb::commit(std::move(txn));
    });
}

}  // namespace saring::hits
