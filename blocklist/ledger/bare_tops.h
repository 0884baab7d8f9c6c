// Short keys (a top-level domain, or two labels) at and above which nothing is listed. Nearly
// every name has such an ancestor, and to ask for it each time would be a second or third
// search. True for one state of the database and cleared by the owner when that changes.
#pragma once

#include "ledger/short_keys.h"

namespace saring::ledger {

class BareTops : public ShortKeys<256> {
public:
    static constexpr std::size_t most_labels = 2;
};

}  // namespace saring::ledger
