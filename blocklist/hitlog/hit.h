// One hit: a query that an order refused, or that a `log` order would have refused. A plain value; hits.client selects
// the form of the client field (client.h).
#pragma once

#include <cstdint>
#include <string>

#include "name/owner_name.h"
#include "policy/action.h"
#include "policy/decide.h"

namespace saring::hitlog {

using policy::Action;
using policy::Trigger;

// Persisted; do not renumber.
enum class Transport : std::uint8_t { udp = 0, tcp = 1, dot = 2, doh = 3, doq = 4, other = 5 };
constexpr Transport last_transport = Transport::other;
const char* to_string(Transport t);

using Microseconds = std::int64_t;  // since 1970-01-01T00:00:00Z
constexpr Microseconds second_us = 1'000'000, hour_us = 3600 * second_us, day_us = 24 * hour_us;
Microseconds now_microseconds();
// "2024-02-14T07:00:00.123456Z"
std::string format_microseconds(Microseconds t);

// Hours are counted from 1970.
using Hour = std::uint32_t;
constexpr Hour hour_of(Microseconds t) { return t < 0 ? 0 : static_cast<Hour>(t / second_us / 3600); }

struct Hit {
    std::uint64_t sequence = 0;  // 1, 2, ... in one run of a resolver; never used twice
    Microseconds time = 0;
    std::string instance;   // hits.instance of the resolver
    Bytes client;           // stored form, see client.h; empty: not kept
    std::string region;     // ISO 3166-2; empty: not known
    std::uint32_t asn = 0;  // autonomous system number; 0: not known
    Transport transport = Transport::udp;
    OwnerName qname;
    std::uint16_t qtype = 0;
    Trigger trigger = Trigger::qname;
    OwnerName listed;  // the listed owner name that matched; the root for trigger address
    Prefix prefix;     // the listed prefix that matched, for trigger address
    Action action = Action::nxdomain;
    std::string order;         // id
    std::uint64_t serial = 0;  // of the blocklist database

    // The listed name or prefix, as text.
    std::string matched() const { return trigger == Trigger::address ? prefix.to_string() : listed.to_string(); }
    bool operator==(const Hit&) const = default;
};

}  // namespace saring::hitlog
