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
    // Null when it is not known. Valid until keep().
    const Verdict* find(const OwnerName& name, std::uint64_t edition, UnixTime now) const {
        const Slot& s = slot(hash(name));
        return s.verdict && s.edition == edition && s.now == now && s.name == name ? &*s.verdict : nullptr;
    }

    // What find() did not know. `verdict`: without regard to where the client is.
    void keep(const OwnerName& name, std::uint64_t edition, UnixTime now, const Verdict& verdict) {
        auto h = hash(name);
        Slot& s = slots_[h % slots];
        bool current = s.edition == edition && s.now == now;
        if (current && s.verdict) return;  // of another name, which came before
        if (current && s.hash == h) {
            s.name = name;
            s.verdict = verdict;
            return;
        }
        s.verdict.reset();
        s.hash = h;
        s.edition = edition;
        s.now = now;
    }

private:
    static constexpr std::size_t slots = 256;
    struct Slot {
        std::size_t hash = 0;
        std::uint64_t edition = 0;  // none has this number
        UnixTime now = 0;
        OwnerName name;
        std::optional<Verdict> verdict;
    };
    static std::size_t hash(const OwnerName& name) { return std::hash<ByteView>()(name.wire()); }
    const Slot& slot(std::size_t h) const { return slots_[h % slots]; }

    std::array<Slot, slots> slots_;
};

}  // namespace saring
