// The targets of a list: names, each with its match, and addresses.
#pragma once

#include <vector>

#include "list/name_set.h"
#include "net/prefix.h"

namespace saring::list {

struct Targets {
    Targets() = default;
    Targets(NameSet n, std::vector<Prefix> a = {}) : names(std::move(n)), addresses(std::move(a)) {}

    NameSet names;                  // sorted, unique lookup keys
    std::vector<Prefix> addresses;  // sorted, unique

    std::size_t size() const { return names.size() + addresses.size(); }
    // BLAKE2b-256. Without addresses the digest of the names; with addresses, over that digest and the addresses' keys.
    Bytes digest() const;
};

}  // namespace saring::list
