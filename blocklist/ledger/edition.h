// An edition of a list that is held as a whole, and the change that it would make, for the person who decides. At most
// one edition of a list is held at a time; released editions stay released until they are applied.
#pragma once

#include <string>
#include <vector>

#include "ledger/changes.h"

namespace saring::ledger {

struct EditionChange {
    static constexpr std::size_t max_entries = 20000;  // entries stored, each of added and removed
    std::uint64_t added = 0, removed = 0;              // all targets; excludes those of which only the match changes
    std::vector<EntryChange> entries;                  // an evenly spread sample if there are more than `max_entries`

    // From all entries that a commit would make.
    static EditionChange of(const std::vector<EntryChange>& made, std::uint64_t added, std::uint64_t removed);
};
Bytes encode(const EditionChange& c);
// Throws Error(database) on damage.
EditionChange decode_edition_change(ByteView value);

struct HeldEdition {
    std::string rule, why;
    Bytes digest;  // of the edition, or of the change to it
    EditionChange change;
};

}  // namespace saring::ledger
