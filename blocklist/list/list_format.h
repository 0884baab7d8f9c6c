// The formats of lists.
#pragma once

#include <array>
#include <string>

namespace saring::list {

enum class ListFormat {
    hosts,    // address, then names
    domains,  // one name a line, or `*.name`, `.name`
    rpz,      // a response policy zone: rpz/zone_file.h reads it
    adblock,  // `||name^`, as ad blockers read it
    dnsmasq,  // `address=/name/`
    unbound,  // `local-zone: "name" always_nxdomain`
};

// The simpler format first: of two that fit a text alike it is the one.
inline constexpr std::array list_formats{ListFormat::domains, ListFormat::hosts,   ListFormat::rpz,
                                         ListFormat::dnsmasq, ListFormat::unbound, ListFormat::adblock};

// "hosts", "domains", "rpz", "adblock", "dnsmasq", "unbound"
const char* to_string(ListFormat format);
// Also "wildcards", which is another word for domains. Throws Error(usage) naming the formats.
ListFormat parse_list_format(const std::string& text);

}  // namespace saring::list
