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
    auto fail = [&](const std::string& why, const std::string& remedy) {
        return Error(ErrorKind::usage, field, "\"" + value.substr(0, 120) + "\" " + why, remedy);
    };
    auto scheme = text.find("://");
    std::string_view rest = scheme == std::string_view::npos ? text : text.substr(scheme + 3);
    auto end = rest.find_first_of("/?#");
    if (scheme != std::string_view::npos || end != std::string_view::npos) {
        std::string host(rest.substr(0, end));
        bool page = end != std::string_view::npos && end + 1 < rest.size();
        throw fail(page ? "is a page, and DNS cannot block a page, only the whole host"
                        : "is a URL, not a domain name",
                   "if all of " + host + " is meant, write \"" + host + "\"");
    }
    if (text.substr(0, 2) == "*." || text == "*")
        throw fail("is a wildcard", "a subtree target covers the name and all below it: drop the \"*.\"");
    if (text.find('*') != std::string_view::npos)
        throw fail("has a wildcard inside a label, which DNS cannot match", "list the names that are meant");
    if (is_address(value)) throw fail("is an address", "write it as {\"address\": \"" + value + "\"}");
    try {
        OwnerName name = parse_name_input(text);
        if (name.is_root()) throw fail("is the root: every name there is", "name the site");
        // 203.0.113.7. or a fullwidth form: a name that nobody asks for.
        if (auto plain = name.to_string(); is_address(plain))
            throw fail("is an address", "write it as {\"address\": \"" + plain + "\"}");
        if (name.label_count() == 1)
            throw fail("is a top-level domain, under which many people have their sites", "name the site");
        return name;
    } catch (const Error& e) {
        if (e.subject() == field) throw;
        throw Error(ErrorKind::usage, field, e.why(), e.remedy());
    }
}

}  // namespace saring
