// Names and prefixes that many orders list. The orders that can decide there are computed once for a state of the
// database, until the next order begins or ends, so that a query below such a name costs no more than others. Each
// worker has its own. Not thread-safe.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "policy/entries.h"

namespace saring::policy {

class CrowdedLevels {
public:
    // With fewer orders, evaluating all of them is cheaper.
    static constexpr std::size_t crowd = 16;

    struct Candidate {
        Entry entry;
        Action action;
        std::shared_ptr<const OrderRecord> order;
    };
    // Orders in force that cover the name, by precedence. Orders that can never decide are left out: those after one
    // that holds everywhere, or after one with the same regions.
    struct Level {
        std::vector<Candidate> deciding, logged, local_passes;
        bool listed = false, regional = false, logged_regional = false;  // as in Verdict, over all orders
    };

    // `key`: of the listed name or prefix that has `entries`; `itself`: that name is the qname, which is not below it.
    // `source`: see decide_over.h. Valid until the next call.
    template <typename Source, typename Entries>
    const Level& level(const Source& source, ByteView key, const Entries& entries, bool itself, UnixTime now,
                       Action default_action) {
        Slot& s = slots_[(std::hash<ByteView>()(key) + itself) % slots_.size()];
        bool known =
            s.edition == source.edition() && s.key == key && s.itself == itself && s.default_action == default_action;
        if (known && now >= s.from && now < s.until) return s.level;
        s = Slot{0, Bytes(key), itself, default_action, now, never, {}};
        for (std::size_t i = 0; i < entries.size(); ++i) add(s, entries[i], source.shared_order(entries[i].order));
        for (auto* list : {&s.level.deciding, &s.level.logged, &s.level.local_passes})
            leave_those_that_can_decide(*list);
        s.edition = source.edition();  // set last, since a damaged entry throws
        return s.level;
    }

private:
    struct Slot {
        std::uint64_t edition = 0;  // 0: empty slot
        Bytes key;
        bool itself = false;
        Action default_action = Action::nxdomain;
        UnixTime from = 0, until = 0;  // validity; `until` is exclusive
        Level level;
    };
    static void add(Slot& slot, const Entry& entry, std::shared_ptr<const OrderRecord> order);
    static void leave_those_that_can_decide(std::vector<Candidate>& all);
    std::array<Slot, 32> slots_;
};

}  // namespace saring::policy
