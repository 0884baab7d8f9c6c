// Which hits are wanted. All that is set must hold.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "hitlog/hit.h"

namespace saring::hitlog {

struct HitFilter {
    std::optional<std::string> order;     // id
    std::optional<OwnerName> name;        // qname or listed name is at or below it
    std::optional<Bytes> client;          // stored form; a network also finds what lies in it and what covers it
    std::optional<std::string> region;    // "" finds hits whose region is not known
    std::optional<policy::Action> action;
    std::optional<std::string> instance;
    Microseconds since = std::numeric_limits<Microseconds>::min();  // inclusive
    Microseconds until = std::numeric_limits<Microseconds>::max();  // exclusive

    bool accepts(const Hit& hit) const;
};

// Whether two stored clients may be one subscriber: equal, or one network within the other.
bool clients_meet(ByteView a, ByteView b);

}  // namespace saring::hitlog
