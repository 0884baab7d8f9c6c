// The extended DNS errors that say why, made once for an image and not once for an answer. Bounded; one worker's own,
// not thread-safe.
#pragma once

#include <array>

#include "base/bytes.h"
#include "policy/entries.h"

namespace saring {

class Reasons {
public:
    // The option's data for answers by this order: `make`'s, when it is not known yet. `edition` is of the image that
    // the order is from. Valid until the next call.
    template <typename Make>
    const Bytes& of(policy::OrderIndex order, std::uint64_t edition, bool structured, Make make) {
        Known& known = known_[structured][order % places];
        if (known.order == order && known.edition == edition) return known.option;
        known.edition = 0;  // should there be no memory
        known.option = make();
        known.order = order;
        known.edition = edition;
        return known.option;
    }

private:
    static constexpr std::size_t places = 256;
    struct Known {
        std::uint64_t edition = 0;  // which none has
        policy::OrderIndex order = 0;
        Bytes option;
    };
    std::array<std::array<Known, places>, 2> known_;
};

}  // namespace saring
