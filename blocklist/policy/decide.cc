#include "policy/decide_over.h"

#include <algorithm>

namespace saring {
namespace {

// The ledger's entries, one range search or a few for each listed name.
struct LedgerEntries {
    const Snapshot& snapshot;

    template <typename Visit>
    void each_listed(const LookupKey& key, Visit visit) const {
        for (std::size_t labels = key.labels(); labels > 0;) {
            auto listed = snapshot.closest_listed(key, labels);
            if (!listed) return;
            visit(listed->labels, listed->entries);
            labels = listed->labels - 1;
        }
    }
    template <typename Visit>
    void each_listed(const Prefix& address, Visit visit) const {
        for (int length = address.length; length >= 0;) {
            auto listed = snapshot.closest_listed(address, length);
            if (!listed) return;
            visit(listed->prefix, listed->entries);
            length = listed->prefix.length - 1;
        }
    }
    std::shared_ptr<const OrderRecord> shared_order(OrderIndex index) const { return snapshot.shared_order(index); }
    std::uint64_t edition() const { return snapshot.edition(); }
};

}  // namespace

Against against(const OrderRecord& o, const Entry& e, bool itself, const Circumstances& c) {
    if (c.now >= o.lifted) return Against::revoked;
    if (c.now >= o.expires) return Against::expired;
    if (c.now < o.effective) return Against::upcoming;
    if (!itself && !covers_below(e.match)) return Against::exact;
    if (itself && !covers_itself(e.match)) return Against::below;
    if (!o.regions.empty() && !(c.region && c.region->holds(o.regions))) return Against::region;
    return Against::nothing;
}

Message why(Against a, const OrderRecord& o) {
    switch (a) {
        case Against::nothing: return msg("in force");
        case Against::revoked: return msg("revoked %1 by %2", format_rfc3339(o.lifted), o.lifted_by);
        case Against::expired: return msg("expired %1", format_rfc3339(o.expires));
        case Against::upcoming: return msg("takes effect %1", format_rfc3339(o.effective));
        case Against::exact: return msg("exact: covers the listed name only");
        case Against::below: return msg("below: covers the names below the listed name only");
        case Against::region: return msg("holds in other regions only");
    }
    return "?";
}

bool outranks(const Standing& a, const Standing& b) { return std::tie(a.passes, a.issued, a.index) > std::tie(b.passes, b.issued, b.index); }

const char* to_string(Trigger t) {
    switch (t) {
        case Trigger::qname: return "qname";
        case Trigger::cname: return "cname";
        case Trigger::address: return "address";
    }
    return "?";
}

bool Region::holds(const std::vector<std::string>& wanted) const {
    return everywhere || std::any_of(codes.begin(), codes.end(), [&](const auto& code) { return std::find(wanted.begin(), wanted.end(), code) != wanted.end(); });
}

Verdict decide(const Snapshot& snapshot, const OwnerName& name, const Circumstances& c, std::vector<Considered>* trace) {
    return decide_over(LedgerEntries{snapshot}, name, c, trace);
}

Verdict decide(const Snapshot& snapshot, const Prefix& address, const Circumstances& c, std::vector<Considered>* trace) {
    return decide_over(LedgerEntries{snapshot}, address, c, trace);
}

}  // namespace saring
