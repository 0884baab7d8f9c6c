// Selects hits. A hit must match every field that is set.
#pragma once

#include <limits>
#include <optional>
#include <set>
#include <string>

#include "hitlog/hit.h"
#include "name/name_glob.h"

namespace saring::hitlog {

struct HitFilter {
    std::optional<std::string> order;            // id
    std::optional<std::set<std::string>> among;  // one of these ids, e.g. those of an authority or a category
    std::optional<OwnerName> name;               // apex: the qname or the listed name is at or below it
    std::optional<NameGlob> match;               // matches the qname, or the listed name or prefix
    std::optional<Bytes> client;                 // stored form; a network also matches networks within it and around it
    std::optional<std::string> region;           // "" matches hits whose region is not known
    std::optional<policy::Action> action;
    std::optional<std::uint16_t> qtype;
    std::optional<Transport> transport;
    std::optional<policy::Trigger> trigger;
    std::optional<std::string> instance;
    Microseconds since = std::numeric_limits<Microseconds>::min();  // inclusive
    Microseconds until = std::numeric_limits<Microseconds>::max();  // exclusive

    bool accepts(const Hit& hit) const;
    // The part of accepts() that applies to counts by hour.
    bool accepts_order(std::string_view id) const {
        return (!order || id == *order) && (!among || among->count(std::string(id)) > 0);
    }
};

// Whether two stored clients may be the same client: equal, or one network within the other.
bool clients_meet(ByteView a, ByteView b);

}  // namespace saring::hitlog
