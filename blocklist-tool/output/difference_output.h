// Prints changes of entries: for `diff`, for rollback and restore, and for a held edition of a list.
#pragma once

#include <functional>

#include "ledger/difference.h"
#include "ledger/edition.h"
#include "output/output.h"

namespace saring::tool {

struct DifferenceCounts {
    std::uint64_t names_added = 0, names_removed = 0, addresses_added = 0, addresses_removed = 0, orders = 0;
    bool any() const { return names_added || names_removed || addresses_added || addresses_removed || orders; }
};
DifferenceCounts count(const ledger::Difference& d);

// "2 names added, 1 name removed, ..., 1 order changed"
std::string in_words(const DifferenceCounts& c);

// Orders, and numbers of names and addresses; with `entries` also each name and address.
Json difference_json(const ledger::Difference& d, bool entries);
void print_orders(const ledger::Difference& d);
void print_entries(const ledger::Difference& d);

// Counts, and the entries that the quarantine keeps.
Json edition_json(const ledger::EditionChange& c);
// "- gone.example" and "+ 203.0.113.7", at most `max_entries` of each, then the number of further ones.
std::vector<std::string> edition_lines(const ledger::EditionChange& c,
                                       std::size_t max_entries = ledger::EditionChange::max_entries);

}  // namespace saring::tool
