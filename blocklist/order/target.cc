#include "order/target.h"

#include "hostname/host_name.h"
#include "hostname/idn.h"

namespace saring::order {
namespace {

Message remedy(const hostname::HostRefusal& refusal) {
    const auto& host = refusal.intended;
    switch (refusal.fault) {
        case hostname::HostFault::page:
        case hostname::HostFault::url:
            if (!host.empty()) return msg("if all of %1 is meant, write \"%2\"", host, host);
            break;
        case hostname::HostFault::address:
        case hostname::HostFault::prefix: return msg("write it as {\"address\": \"%1\"}", refusal.value);
        default: break;
    }
    return refusal.remedy();
}

}  // namespace

OwnerName parse_domain_target(std::string_view text, const std::string& field) {
    std::string value(text.substr(0, 120));
    auto fail = [&](const Message& why, const Message& what_to_do) {
        return Error(ErrorKind::usage, field, "\"" + value + "\" " + why, what_to_do);
    };
    OwnerName name;
    auto refusal = hostname::read_host_name(text, name);
    if (!refusal) return name;
    if (refusal->fault != hostname::HostFault::backslash) throw fail(refusal->reason(), remedy(*refusal));
    try {
        name = hostname::parse_name_input(text);
    } catch (const Error& e) { throw Error(ErrorKind::usage, field, e.why(), e.remedy()); }
    if (!hostname::can_be_written(name))
        throw fail(msg("has a character that no site name has"), msg("write a name such as hoax.example"));
    if (name.label_count() == 1)
        throw fail(msg("is a top-level domain, under which many people have their sites"), msg("name the site"));
    return name;
}

OwnerName parse_stored_domain(std::string_view text) {
    OwnerName name;
    if (!hostname::read_host_name(text, name)) return name;
    std::string ascii;
    return OwnerName::parse(hostname::to_ascii_name(text, ascii) && text.find('\\') == std::string_view::npos
                                ? std::string_view(ascii)
                                : text);
}

}  // namespace saring::order
