// The grammar of site names: the names that a browser can look up in the DNS.
//
// Labels of 1 to 63 letters, digits, hyphens and underscores (RFC 1123 section 2.1; underscores because sites use
// them), 253 characters in all, with or without a final dot (RFC 1035 section 2.3.4). International names are converted
// by UTS 46 (hostname/idn.h). The last label must not be a number, decimal or 0x: browsers take such a host for an
// address (WHATWG URL, "ends in a number"). Hyphens are allowed at either end of a label, since browsers look up such
// names.
//
// Lists, tables, orders, options and configuration all use this grammar. A refusal has the reason and, if there is one,
// the host that was probably meant; no text is ever silently read as another name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "name/owner_name.h"

namespace saring::hostname {

enum class HostFault : std::uint8_t {
    empty,
    root,
    top_level,
    page,
    url,
    port,
    user,
    mail,
    wildcard,
    inner_wildcard,
    address,
    prefix,
    number,
    blank,
    control,
    backslash,
    character,
    empty_label,
    long_label,
    long_name,
    international,
    disguised,
};

struct HostRefusal {
    HostFault fault;
    std::string value = {};     // the character, the address, UTS 46's error, or the text that the name represents
    std::string intended = {};  // the host that was probably meant, as to_string() writes it; empty: unknown

    Message reason() const;  // "names a port, ...", to follow the text; contains neither text nor host
    Message remedy() const;  // "did you mean x.example?"
};

// Fast path for plain ASCII host names of two labels or more, which nearly all are: no allocation; false for all
// others.
bool parse_plain_host(std::string_view text, OwnerName& out) noexcept;

// The whole grammar. Returns nothing when `out` is the name. `out` is also set for a top-level domain and the root,
// which are refused in a list but allowed in a query.
std::optional<HostRefusal> read_host_name(std::string_view text, OwnerName& out);

// For a name in wire format, as from a zone: why it cannot be a site's name.
std::optional<HostRefusal> refuse_host(const OwnerName& name);

// A name that a person wrote deliberately, in a command, a configuration or an order: a host name, or a name with other
// octets, each escaped as \DDD or, for . \ " ; ( ) @ $, with a backslash (RFC 1035 section 5.1). Accepts top-level
// domains and the root. Throws Error(usage).
OwnerName parse_name_input(std::string_view text);

// Whether parse_name_input() reads the text of OwnerName::to_string() back as the same name.
bool can_be_written(const OwnerName& name);

}  // namespace saring::hostname
