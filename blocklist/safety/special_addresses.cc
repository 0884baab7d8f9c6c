#include "safety/special_addresses.h"

#include <vector>

namespace saring::safety {
namespace {

struct Special {
    const char* prefix;
    const char* use;
};

// 2001::/32 (Teredo) and 2002::/16 (6to4) contain other people's IPv4 addresses.
constexpr Special all[] = {
    {"0.0.0.0/8", "this network (RFC 791)"},
    {"10.0.0.0/8", "private networks (RFC 1918)"},
    {"100.64.0.0/10", "carrier-grade NAT (RFC 6598)"},
    {"127.0.0.0/8", "loopback (RFC 1122)"},
    {"169.254.0.0/16", "link-local (RFC 3927)"},
    {"172.16.0.0/12", "private networks (RFC 1918)"},
    {"192.0.0.0/24", "protocol assignments (RFC 6890)"},
    {"192.88.99.0/24", "6to4 relays (RFC 7526)"},
    {"192.168.0.0/16", "private networks (RFC 1918)"},
    {"198.18.0.0/15", "benchmarking (RFC 2544)"},
    {"224.0.0.0/4", "multicast (RFC 5771)"},
    {"240.0.0.0/4", "reserved (RFC 1112), with the broadcast address"},
    {"::/128", "the unspecified address (RFC 4291)"},
    {"::1/128", "loopback (RFC 4291)"},
    {"64:ff9b::/96", "IPv4 behind NAT64 (RFC 6052)"},
    {"64:ff9b:1::/48", "IPv4 behind NAT64 (RFC 8215)"},
    {"100::/64", "discard-only (RFC 6666)"},
    {"2001::/23", "protocol assignments (RFC 2928)"},
    {"2002::/16", "6to4 (RFC 3056)"},
    {"fc00::/7", "unique local networks (RFC 4193)"},
    {"fe80::/10", "link-local (RFC 4291)"},
    {"ff00::/8", "multicast (RFC 4291)"},
};

}  // namespace

const char* special_use(const Prefix& prefix) {
    static const auto parsed = [] {
        std::vector<std::pair<Prefix, const char*>> out;
        for (const auto& s : all) out.emplace_back(Prefix::parse(s.prefix), s.use);
        return out;
    }();
    for (const auto& [special, use] : parsed)
        if (overlap(prefix, special)) return use;
    return nullptr;
}

}  // namespace saring::safety
