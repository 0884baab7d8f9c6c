#include "list/list_format.h"

#include "base/error.h"

namespace saring::list {

const char* to_string(ListFormat format) {
    switch (format) {
        case ListFormat::hosts: return "hosts";
        case ListFormat::domains: return "domains";
        case ListFormat::rpz: return "rpz";
        case ListFormat::adblock: return "adblock";
        case ListFormat::dnsmasq: return "dnsmasq";
        case ListFormat::unbound: return "unbound";
    }
    return "?";
}

ListFormat parse_list_format(const std::string& text) {
    for (auto format : list_formats)
        if (text == to_string(format)) return format;
    if (text == "wildcards" || text == "wildcard") return ListFormat::domains;
    throw Error(ErrorKind::usage, "--format", msg("\"%1\" is not a list format", text),
                msg("write hosts, domains, rpz, adblock, dnsmasq, unbound, wildcards or auto"));
}

}  // namespace saring::list
