#include "ledger/decide.h"

#include "policy/decide_over.h"

namespace saring::ledger {
namespace {

// The ledger's entries: one or a few range searches for each listed name.
struct LedgerEntries {
    const Snapshot& snapshot;

    template <typename Visitor>
    void each_listed(const LookupKey& key, Visitor visit) const {
        for (std::size_t labels = key.labels(); labels > 0;) {
            auto listed = snapshot.closest_listed(key, labels);
            if (!listed) return;
            visit(listed->labels, listed->entries);
            labels = listed->labels - 1;
        }
    }
    template <typename Visitor>
    void each_listed(const Prefix& address, Visitor visit) const {
        for (int length = address.length; length >= 0;) {
            auto listed = snapshot.closest_listed(address, length);
            if (!listed) return;
            visit(listed->prefix, listed->entries);
            length = listed->prefix.length - 1;
        }
    }
    std::shared_ptr<const policy::OrderRecord> shared_order(policy::OrderIndex index) const {
        return snapshot.shared_order(index);
    }
};

}  // namespace

policy::Verdict decide(const Snapshot& snapshot, const OwnerName& name, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace) {
    return decide_over(LedgerEntries{snapshot}, name, c, trace);
}

policy::Verdict decide(const Snapshot& snapshot, const Prefix& address, const policy::Circumstances& c,
                       std::vector<policy::ConsideredEntry>* trace) {
    return decide_over(LedgerEntries{snapshot}, address, c, trace);
}

}  // namespace saring::ledger
