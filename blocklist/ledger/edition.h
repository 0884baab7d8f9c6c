// An edition of a list that is kept out as a whole, and the change that it would have made, for
// the person who decides. At most one edition of a list waits; those released before it stay released until
// they are taken.
#pragma once

#include <string>
#include <vector>

#include "ledger/changes.h"

namespace saring::ledger {

struct EditionChange {
    static constexpr std::size_t most = 20000;  // entries kept, each of added and removed
    std::uint64_t added = 0, removed = 0;       // targets in all; one that only changes its extent is neither
    std::vector<EntryChange> entries;           // evenly spread over all where there are more than `most`

    // From all entries that a commit would have made.
    static EditionChange of(const std::vector<EntryChange>& made, std::uint64_t added, std::uint64_t removed);
};
Bytes encode(const EditionChange& c);
// Throws Error(database) on damage.
EditionChange decode_edition_change(ByteView value);

struct HeldEdition {
    std::string rule, why;
    Bytes digest;  // of the edition, or of the change that leads to it
    EditionChange change;
};

}  // namespace saring::ledger
