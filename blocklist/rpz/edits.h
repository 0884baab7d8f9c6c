// The net effect of a policy zone's differences (IXFR) on each name and address.
#pragma once

#include <map>

#include "list/targets.h"
#include "rpz/record.h"

namespace saring::rpz {

class RpzEdits {
public:
    // In the sequence of the transfer; records other than blocks have no effect.
    void add(const RpzRecord& record, bool added);
    // True when one of several records of an answer was removed: only the whole zone shows whether the name is still
    // listed.
    bool undecided() const { return undecided_; }
    list::Targets removed() const;
    list::Targets added() const;

private:
    struct Parts {
        unsigned taken = 0, given = 0;
    };
    list::Targets targets(unsigned Parts::*parts) const;
    std::map<Bytes, Parts> names_;
    std::map<Prefix, Parts> addresses_;
    bool undecided_ = false;
};

}  // namespace saring::rpz
