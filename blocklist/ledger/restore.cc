// A restore is one more commit on the existing database: the serial rises and the journal continues, so resolvers see
// it like any other commit, and it can be rolled back.
#include "ledger/journal.h"
#include "ledger/writer.h"

namespace saring::ledger {
namespace {

std::optional<Bytes> hash_at(const Snapshot& s, std::uint64_t serial) {
    auto r = read_journal(s.transaction(), s.tables(), serial);
    return r ? std::optional(r->hash) : std::nullopt;
}

// Visits every key at which the two tables differ.
template <typename F>
void each_difference(const lmdb::Transaction& here, MDB_dbi here_db, const lmdb::Transaction& there, MDB_dbi there_db,
                     F visit) {
    lmdb::Cursor a(here, here_db), b(there, there_db);
    auto x = a.first(), y = b.first();
    while (x || y) {
        bool left = x && (!y || x->key <= y->key), right = y && (!x || y->key <= x->key);
        if (!(left && right && x->value == y->value))
            visit(left ? x->key : y->key, left ? std::optional(x->value) : std::nullopt,
                  right ? std::optional(y->value) : std::nullopt);
        if (left) x = a.next();
        if (right) y = b.next();
    }
}

void append_entry_changes(std::vector<EntryChange>& out, bool address, ByteView key, ByteView from, ByteView to) {
    policy::Entries before(from), after(to);
    for (std::size_t i = 0; i < before.size(); ++i)
        if (policy::match_of(to, before[i].order) != before[i].match)
            out.push_back({false, address, before[i], Bytes(key)});
    for (std::size_t i = 0; i < after.size(); ++i)
        if (policy::match_of(from, after[i].order) != after[i].match)
            out.push_back({true, address, after[i], Bytes(key)});
}

}  // namespace

BackupRelation backup_relation(const Snapshot& present, const Snapshot& backup) {
    auto serial = std::min(present.serial(), backup.serial());
    if (serial > 0 && hash_at(present, serial) != hash_at(backup, serial)) return BackupRelation::foreign;
    return backup.serial() > present.serial() ? BackupRelation::ahead : BackupRelation::past;
}

Difference difference(const Snapshot& present, const Snapshot& other) {
    Difference out;
    auto id_of = [&](policy::OrderIndex index) {
        for (const auto* s : {&present, &other})
            if (auto value = s->transaction().get(s->tables().orders, be32(index)))
                return decode_order_record(*value).id;
        return "index " + std::to_string(index);
    };
    for (auto table : record_tables)
        each_difference(present.transaction(), handle_of(table, present.tables()), other.transaction(),
                        handle_of(table, other.tables()),
                        [&](ByteView key, std::optional<ByteView> here, std::optional<ByteView> there) {
                            auto owned = [](std::optional<ByteView> v) {
                                return v ? std::optional(Bytes(*v)) : std::nullopt;
                            };
                            out.records.push_back({table, Bytes(key), owned(here), owned(there)});
                        });
    for (bool address : {true, false})
        each_difference(present.transaction(), address ? present.tables().addresses : present.tables().names,
                        other.transaction(), address ? other.tables().addresses : other.tables().names,
                        [&](ByteView key, std::optional<ByteView> here, std::optional<ByteView> there) {
                            append_entry_changes(out.entries, address, key, here.value_or(ByteView()),
                                                 there.value_or(ByteView()));
                        });
    out.entries = net(std::move(out.entries));
    for (const auto& e : out.entries)
        if (!out.ids.count(e.entry.order)) out.ids[e.entry.order] = id_of(e.entry.order);
    return out;
}

void Writer::restore(const Snapshot& backup) {
    bool ahead = backup_relation(view_, backup) == BackupRelation::ahead;
    // A new database copies the backup table by table; otherwise only differences are written.
    if (ahead && serial_ == 0 && txn_->entries(tables_.orders) == 0 && txn_->entries(tables_.names) == 0) {
        auto copy = [&](MDB_dbi to, MDB_dbi from) {
            lmdb::Cursor cursor(backup.transaction(), from);
            for (auto item = cursor.first(); item; item = cursor.next())
                txn_->put(to, item->key, item->value, MDB_APPEND);
        };
        copy(tables_.names, backup.tables().names);
        copy(tables_.addresses, backup.tables().addresses);
        for (auto table : record_tables) copy(handle_of(table, tables_), handle_of(table, backup.tables()));
        // The id is taken over, so that resolvers with an image of the backup's ledger accept the next one.
        auto id = read_ledger_id(backup.transaction(), backup.tables());
        txn_->put(tables_.meta, meta_key::id, {reinterpret_cast<const char*>(id.data()), id.size()});
        // Feed states guard against replay: a database that has its own keeps them.
        if (txn_->entries(tables_.feeds) == 0 && txn_->entries(tables_.manifests) == 0) {
            copy(tables_.feeds, backup.tables().feeds);
            copy(tables_.manifests, backup.tables().manifests);
        }
    } else {
        apply_difference(difference(view_, backup));
    }
    if (ahead) {
        // The commits that this database lacks are copied with their own records and changes, of which this commit's
        // changes are the sum; do not record them twice.
        changes_ = {};
        recorded_.clear();
        journal_ = {};
        noted_orders_.clear();
        for (auto serial = serial_ + 1; serial <= backup.serial(); ++serial)
            for (auto [to, from] : {std::pair(tables_.journal, backup.tables().journal),
                                    std::pair(tables_.changes, backup.tables().changes)})
                if (auto value = backup.transaction().get(from, be64(serial)))
                    txn_->put(to, be64(serial), *value, MDB_APPEND);
        serial_ = backup.serial();
    }
    auto stored_next = backup.transaction().get(backup.tables().meta, meta_key::next_order);
    if (stored_next && ByteReader(*stored_next, "next order index").integer<policy::OrderIndex>() > next_index())
        txn_->put(tables_.meta, meta_key::next_order, *stored_next);
    if (ahead) ++writes_;
}

}  // namespace saring::ledger
