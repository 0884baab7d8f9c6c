// Going back to an earlier state is one more commit: nothing of the journal is lost, and
// it can be rolled back itself.
#include "store/difference.h"
#include "store/writer.h"

namespace saring {

void Writer::roll_back(std::uint64_t serial) {
    auto undo = difference(view_, serial, serial_);
    for (const auto& r : undo.records) set_record(r.table, r.key, r.before ? std::optional<ByteView>(*r.before) : std::nullopt);
    // Backwards: where only the match differs, the later entry goes before the earlier one comes.
    for (auto e = undo.entries.rbegin(); e != undo.entries.rend(); ++e) {
        MDB_dbi db = e->address ? tables_.addresses : tables_.names;
        if (e->added)
            remove_entry(db, e->key, e->entry.order);
        else
            add_entry(db, e->key, e->entry);
    }
}

}  // namespace saring
