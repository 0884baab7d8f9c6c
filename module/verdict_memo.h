// Verdicts on listed names that are asked for again within the same second and the same state
// of the database: then nothing that a verdict depends on has changed, and it need not be
// looked up. When everybody asks for one site, that is most of what is blocked. A name is
// remembered from its second question in a second on, so that names asked for once cost
// next to nothing. One worker's own; not thread-safe.
#pragma once

#include <array>
#include <optional>

#include "policy/decide.h"

namespace saring {

class VerdictMemo {
public:
    // `look_up` gives the verdict, without regard to where the client is, where it is not known.
    template <typename F>
    policy::Verdict verdict(const OwnerName& name, std::uint64_t edition, UnixTime now, F look_up) {
        auto hash = std::hash<ByteView>()(name.wire());
        Slot& s = slots_[hash % slots];
        bool current = s.edition == edition && s.now == now;
        if (current && s.verdict && s.name == name) return *s.verdict;
        policy::Verdict found = look_up();
        if (!found.listed || (current && s.verdict)) return found;  // the place is another name's, which came before
        if (current && s.hash == hash) {
            s.name = name;
            s.verdict = found;
            return found;
        }
        s.verdict.reset();
        s.hash = hash;
        s.edition = edition;
        s.now = now;
        return found;
    }

private:
    static constexpr std::size_t slots = 256;
    struct Slot {
        std::size_t hash = 0;
        std::uint64_t edition = 0;  // none has this number
        UnixTime now = 0;
        OwnerName name;
        std::optional<policy::Verdict> verdict;
    };
    std::array<Slot, slots> slots_;
};

}  // namespace saring
