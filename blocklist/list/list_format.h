// The formats of lists.
#pragma once

#include <array>
#include <string>

namespace saring::list {

enum class ListFormat {
    hosts,    // address, then names
    domains,  // one name a line, or `*.name`, `.name`
    rpz,      // a response policy zone: rpz/zone_file.h reads it
    adblock,  // `||name^`, the syntax of ad blockers
    dnsmasq,  // `address=/name/`
    unbound,  // `local-zone: "name" always_nxdomain`
};

// Simpler formats first: of two formats that fit a text equally, the first one is chosen.
inline constexpr std::array list_formats{ListFormat::domains, ListFormat::hosts,   ListFormat::rpz,
                                         ListFormat::dnsmasq, ListFormat::unbound, ListFormat::adblock};

// "hosts", "domains", "rpz", "adblock", "dnsmasq", "unbound"
const char* to_string(ListFormat format);
// Accepts also "wildcards", a synonym of domains. Throws Error(usage) listing the formats.
ListFormat parse_list_format(const std::string& text);

}  // namespace saring::list
