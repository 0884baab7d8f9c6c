// Listed names and prefixes that many orders list: which of these can decide at all is worked out once for a state of
// the database, until the next order begins or ends, so that a question below such a name costs what any other costs.
// One worker's own; not thread-safe.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "policy/entries.h"

namespace saring::policy {

class CrowdedLevels {
public:
    // At fewer orders looking at all of them is cheaper.
    static constexpr std::size_t crowd = 16;

    struct Candidate {
        Entry entry;
        Action action;
        std::shared_ptr<const OrderRecord> order;
    };
    // In force, that cover the name asked for, by precedence. Behind one that holds everywhere none can decide, nor
    // behind one of the same regions: they are left out.
    struct Level {
        std::vector<Candidate> deciding, logged, local_passes;
        bool listed = false, regional = false, logged_regional = false;  // as in Verdict, of all
    };

    // `key`: of the listed name or prefix that `entries` stands under; `itself`: that name is asked for, not one below.
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
        s.edition = source.edition();  // last: a damaged entry throws
        return s.level;
    }

private:
    struct Slot {
        std::uint64_t edition = 0;  // none has this number
        Bytes key;
        bool itself = false;
        Action default_action = Action::nxdomain;
        UnixTime from = 0, until = 0;  // seconds in which it is true, the last excluded
        Level level;
    };
    static void add(Slot& slot, const Entry& entry, std::shared_ptr<const OrderRecord> order);
    static void leave_those_that_can_decide(std::vector<Candidate>& all);
    std::array<Slot, 32> slots_;
};

}  // namespace saring::policy
