#include "ledger/edition.h"

namespace saring::ledger {

EditionChange EditionChange::of(const std::vector<EntryChange>& made, std::uint64_t added, std::uint64_t removed) {
    EditionChange out;
    out.added = added;
    out.removed = removed;
    for (bool add : {false, true}) {
        std::vector<const EntryChange*> some;
        for (const auto& e : made)
            if (e.added == add) some.push_back(&e);
        auto kept = std::min(some.size(), max_entries);
        for (std::size_t i = 0; i < kept; ++i) out.entries.push_back(*some[i * some.size() / kept]);
    }
    return out;
}

Bytes encode(const EditionChange& c) {
    ByteWriter w;
    w.integer(c.added);
    w.integer(c.removed);
    w.bytes(encode(Changes{{}, c.entries, {}}));
    return w.take();
}

EditionChange decode_edition_change(ByteView value) {
    ByteReader in(value, "edition's change");
    EditionChange c;
    c.added = in.integer<std::uint64_t>();
    c.removed = in.integer<std::uint64_t>();
    c.entries = decode_changes(in.bytes()).entries;
    in.finish();
    return c;
}

}  // namespace saring::ledger
