// Differences of a policy zone, collapsed to what they amount to for each name and address.
#pragma once

#include <map>

#include "list/targets.h"
#include "rpz/record.h"

namespace saring::rpz {

class RpzEdits {
public:
    // In the order in which they happened; only blocks matter.
    void add(const RpzRecord& record, bool added);
    // A record of an answer with several was removed: whether the name is still listed
    // only the whole zone can tell.
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
