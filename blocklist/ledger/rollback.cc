// A rollback is one more commit: the journal stays complete, and the rollback can itself be rolled back.
#include "ledger/writer.h"

namespace saring::ledger {

void Writer::roll_back(std::uint64_t serial) {
    auto undo = difference(view_, serial, serial_);
    invert(undo);
    apply_difference(undo);
}

void Writer::apply_difference(const Difference& change) {
    for (const auto& r : change.records)
        set_record(r.table, r.key, r.after ? std::optional<ByteView>(*r.after) : std::nullopt);
    // Removals first: where only the match differs, the old entry must go before the new one is added.
    for (bool added : {false, true})
        for (const auto& e : change.entries) {
            if (e.added != added) continue;
            MDB_dbi db = e.address ? tables_.addresses : tables_.names;
            if (added) add_entry(db, e.key, e.entry);
            else remove_entry(db, e.key, e.entry.order);
        }
}

}  // namespace saring::ledger
