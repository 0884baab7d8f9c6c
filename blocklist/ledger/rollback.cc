// Going back to an earlier state is one more commit: nothing of the journal is lost, and
// it can be rolled back itself.
#include "ledger/writer.h"

namespace saring::ledger {

void Writer::roll_back(std::uint64_t serial) {
    auto undo = difference(view_, serial, serial_);
    invert(undo);
    make(undo);
}

void Writer::make(const Difference& change) {
    for (const auto& r : change.records)
        set_record(r.table, r.key, r.after ? std::optional<ByteView>(*r.after) : std::nullopt);
    // Removals first: where only the match differs, one entry makes room for the other.
    for (bool added : {false, true})
        for (const auto& e : change.entries) {
            if (e.added != added) continue;
            MDB_dbi db = e.address ? tables_.addresses : tables_.names;
            if (added) add_entry(db, e.key, e.entry);
            else remove_entry(db, e.key, e.entry.order);
        }
}

}  // namespace saring::ledger
