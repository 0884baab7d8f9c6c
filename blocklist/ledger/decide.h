// decide() over the ledger. Over an image: image/image.h.
#pragma once

#include <vector>

#include "ledger/snapshot.h"
#include "policy/decide.h"

namespace saring::ledger {

// Both throw Error(database) on a damaged database, and nothing else.
policy::Verdict decide(const Snapshot& snapshot, const OwnerName& name, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace = nullptr);
policy::Verdict decide(const Snapshot& snapshot, const Prefix& address, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace = nullptr);

}  // namespace saring::ledger
