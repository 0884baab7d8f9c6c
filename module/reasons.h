// Cache of extended DNS errors by order, so that one is made once an image and not once an answer. Bounded; not
// thread-safe, one for each worker.
#pragma once

#include <array>

#include "base/bytes.h"
#include "policy/entries.h"

namespace saring {

class Reasons {
public:
    // The option's data for answers by this order; `make` makes it if it is not cached. `edition`: of the order's
    // image. Valid until the next call.
    template <typename Make>
    const Bytes& of(policy::OrderIndex order, std::uint64_t edition, bool structured, Make make) {
        Known& known = known_[structured][order % places];
        if (known.order == order && known.edition == edition) return known.option;
        known.edition = 0;  // in case make() throws
        known.option = make();
        known.order = order;
        known.edition = edition;
        return known.option;
    }

private:
    static constexpr std::size_t places = 256;
    struct Known {
        std::uint64_t edition = 0;  // no image has edition 0
        policy::OrderIndex order = 0;
        Bytes option;
    };
    std::array<std::array<Known, places>, 2> known_;
};

}  // namespace saring
