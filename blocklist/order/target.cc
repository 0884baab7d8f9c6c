#include "order/target.h"

#include <arpa/inet.h>

#include <string>

#include "name/idn.h"

namespace saring {
namespace {

bool is_address(const std::string& text) {
    unsigned char octets[16];
    return inet_pton(AF_INET, text.c_str(), octets) == 1 || inet_pton(AF_INET6, text.c_str(), octets) == 1;
}

}  // namespace

OwnerName parse_domain_target(std::string_view text, const std::string& field) {
    std::string value(text);
    auto fail = [&](const Message& why, const Message& remedy) {
        return Error(ErrorKind::usage, field, "\"" + value.substr(0, 120) + "\" " + why, remedy);
    };
    auto scheme = text.find("://");
    std::string_view rest = scheme == std::string_view::npos ? text : text.substr(scheme + 3);
    auto end = rest.find_first_of("/?#");
    if (scheme != std::string_view::npos || end != std::string_view::npos) {
        std::string host(rest.substr(0, end));
        bool page = end != std::string_view::npos && end + 1 < rest.size();
        throw fail(page ? msg("is a page, and DNS cannot block a page, only the whole host")
                        : msg("is a URL, not a domain name"),
                   msg("if all of %1 is meant, write \"%2\"", host, host));
    }
    if (text.substr(0, 2) == "*." || text == "*")
        throw fail(msg("is a wildcard"), msg("a subtree target covers the name and all below it: drop the \"*.\""));
    if (text.find('*') != std::string_view::npos)
        throw fail(msg("has a wildcard inside a label, which DNS cannot match"), msg("list the names that are meant"));
    if (is_address(value)) throw fail(msg("is an address"), msg("write it as {\"address\": \"%1\"}", value));
    try {
        OwnerName name = parse_name_input(text);
        if (name.is_root()) throw fail(msg("is the root: every name there is"), msg("name the site"));
        // 203.0.113.7. or a fullwidth form: a name that nobody asks for.
        if (auto plain = name.to_string(); is_address(plain))
            throw fail(msg("is an address"), msg("write it as {\"address\": \"%1\"}", plain));
        if (name.label_count() == 1)
            throw fail(msg("is a top-level domain, under which many people have their sites"), msg("name the site"));
        return name;
    } catch (const Error& e) {
        if (e.subject().english() == field) throw;
        throw Error(ErrorKind::usage, field, e.why(), e.remedy());
    }
}

}  // namespace saring
