// How changes of entries are told: by `diff`, by a rollback of what it does or would do, and of an edition that
// is kept out.
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

// names, addresses (their counts only, or each entry as well) and orders.
Json difference_json(const ledger::Difference& d, bool entries);
void print_orders(const ledger::Difference& d);
void print_entries(const ledger::Difference& d);

// Counts, and each entry that is kept.
Json edition_json(const ledger::EditionChange& c);
// "- gone.example" and "+ 203.0.113.7", at most so many of each, then how many more there are.
std::vector<std::string> edition_lines(const ledger::EditionChange& c, std::size_t most = ledger::EditionChange::most);

}  // namespace saring::tool
