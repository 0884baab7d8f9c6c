// Which hits are wanted. All that is set must hold.
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
    std::optional<std::set<std::string>> among;  // one of these ids: those of an authority, of a category
    std::optional<OwnerName> name;               // qname or listed name is at or below it
    std::optional<NameGlob> match;               // of the qname, or of what is listed
    std::optional<Bytes> client;                 // stored form; a network also finds what lies in it and what covers it
    std::optional<std::string> region;           // "" finds hits whose region is not known
    std::optional<policy::Action> action;
    std::optional<std::uint16_t> qtype;
    std::optional<Transport> transport;
    std::optional<policy::Trigger> trigger;
    std::optional<std::string> instance;
    Microseconds since = std::numeric_limits<Microseconds>::min();  // inclusive
    Microseconds until = std::numeric_limits<Microseconds>::max();  // exclusive

    bool accepts(const Hit& hit) const;
    // What there is of an order in counts by hour.
    bool accepts_order(std::string_view id) const {
        return (!order || id == *order) && (!among || among->count(std::string(id)) > 0);
    }
};

// Whether two stored clients may be one subscriber: equal, or one network within the other.
bool clients_meet(ByteView a, ByteView b);

}  // namespace saring::hitlog
