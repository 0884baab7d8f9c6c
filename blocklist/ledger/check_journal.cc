#include <algorithm>

#include "ledger/changes.h"
#include "ledger/check.h"
#include "ledger/journal.h"

namespace saring::ledger {
namespace {

// Compares the journal's counts of added and removed names and addresses with the changes.
void compare_counts(const JournalRecord& r, const Changes& c, Findings& out) {
    std::uint64_t counts[2][2] = {};
    for (const auto& e : c.entries) ++counts[e.address][e.added];
    bool names = c.whole_lists_added.empty() ? r.names_added == counts[0][1] : r.names_added >= counts[0][1];
    if (!names || r.names_removed != counts[0][0] || r.addresses_added != counts[1][1] ||
        r.addresses_removed != counts[1][0])
        out.add(msg("changes of serial %1", r.serial), msg("differ in number from its journal record"));
}

// Finds keys that are not serials or are above the last serial; the loop over serials does not see them.
void check_serials(const char* table, const lmdb::Transaction& txn, MDB_dbi db, std::uint64_t last, Findings& out) {
    lmdb::Cursor cursor(txn, db);
    bool strange = false, late = false;
    for (auto item = cursor.first(); item; item = cursor.next()) {
        bool serial = item->key.size() == 8 && from_be(item->key) > 0;
        strange |= !serial;
        late |= serial && from_be(item->key) > last;
    }
    if (strange) out.add(msg("table %1", table), msg("has a key that is not a serial"));
    if (late) out.add(msg("table %1", table), msg("continues after the database's serial, %1", last));
}

}  // namespace

bool check_journal(const Snapshot& s, const std::optional<JournalAnchor>& anchor, Findings& out, Progress& progress) {
    const auto& txn = s.transaction();
    auto before = out.total();
    auto last = s.serial();
    std::optional<Bytes> previous = Bytes();  // hash of the previous record; nothing when unknown
    // A damaged, huge serial or key must not keep the loop busy: it reports at most as many missing records as findings
    // are kept.
    auto newest = lmdb::Cursor(txn, s.tables().journal).last();
    std::uint64_t there = txn.entries(s.tables().journal);
    auto end =
        std::min({last, newest && newest->key.size() == 8 ? from_be(newest->key) : there, there + Findings::kept});
    if (end < last)
        out.add(last == end + 1 ? msg("journal record %1", last) : msg("journal records %1 to %2", end + 1, last),
                last == end + 1 ? msg("is missing") : msg("are missing"));
    progress.begin(msg("checking the journal"), msg("commits"), end);
    for (std::uint64_t serial = 1; serial <= end; ++serial) {
        progress.at(serial);
        auto where = msg("journal record %1", serial);
        auto record = checked(out, where, [&] { return read_journal(txn, s.tables(), serial); });
        if (!record || !*record) {
            if (record) out.add(where, msg("is missing"));
            previous.reset();
            continue;
        }
        const JournalRecord& r = **record;
        if (r.serial != serial) out.add(where, msg("says that it is of serial %1", r.serial));
        else if (previous && !follows(*previous, r))
            out.add(where, msg("was altered, or the one before it: its hash does not follow"));
        previous = r.hash;
        if (auto changes = checked(out, msg("changes of serial %1", serial),
                                   [&] { return read_changes(txn, s.tables(), serial); }))
            compare_counts(r, *changes, out);
    }
    progress.end();
    check_serials("journal", txn, s.tables().journal, last, out);
    check_serials("changes", txn, s.tables().changes, last, out);
    if (anchor) {
        auto where = msg("journal record %1", anchor->serial);
        auto record = checked(out, where, [&] { return read_journal(txn, s.tables(), anchor->serial); });
        if (record && (!*record || (*record)->hash != anchor->hash))
            out.add(where,
                    msg("does not have the hash that was noted for it: the journal is another one, or was rewritten"));
    }
    return out.total() == before;
}

}  // namespace saring::ledger
