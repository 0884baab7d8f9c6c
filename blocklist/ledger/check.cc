#include "ledger/check.h"

#include "ledger/difference.h"

namespace saring::ledger {

Findings check_content(const Snapshot& s, const CheckOptions& options, Progress& progress) {
    Findings out;
    bool replayable = check_journal(s, options.anchor, out, progress);
    check_orders(s, options.signatures, out, progress);
    auto before = out.total();
    check_entries(s, out, progress);
    // With unreadable entries a replay would only repeat those findings.
    if (replayable && out.total() == before) check_replay(s, out);
    return out;
}

void check_replay(const Snapshot& s, Findings& out) {
    auto all = checked(out, msg("changes"), [&] { return difference(s, 0, s.serial()); });
    if (!all) return;
    // Names of lists that a commit added whole are taken from the table; the list's digest verifies them.
    std::size_t listed[2] = {}, recorded[2] = {};
    for (const auto& e : all->entries) {
        Message where = entry_place(e.address, e.key);
        auto value =
            s.transaction().get(e.address ? s.tables().addresses : s.tables().names, e.key).value_or(ByteView());
        ++recorded[e.address];
        if (!e.added) out.add(where, msg("was removed by a commit, but never added"));
        else if (policy::match_of(value, e.entry.order) != e.entry.match)
            out.add(where, msg("is listed by order %1 according to the commits, but not in the table",
                               all->ids.at(e.entry.order)));
    }
    for (bool address : {false, true}) {
        lmdb::Cursor cursor(s.transaction(), address ? s.tables().addresses : s.tables().names);
        for (auto item = cursor.first(); item; item = cursor.next())
            listed[address] += policy::Entries(item->value).size();
        if (listed[address] != recorded[address])
            out.add(address ? msg("addresses") : msg("names"),
                    msg("hold %1 entries, the commits made %2", listed[address], recorded[address]));
    }
    std::size_t records[std::size(record_tables)] = {};
    for (const auto& r : all->records) {
        if (r.before) out.add(msg("table %1", to_string(r.table)), msg("had a record before the first commit"));
        records[static_cast<std::size_t>(r.table)] += r.after ? 1 : 0;
    }
    for (auto table : record_tables) {
        auto n = s.transaction().entries(handle_of(table, s.tables()));
        if (n != records[static_cast<std::size_t>(table)])
            out.add(msg("table %1", to_string(table)),
                    msg("holds %1 records, the commits made %2", n, records[static_cast<std::size_t>(table)]));
    }
}

}  // namespace saring::ledger
