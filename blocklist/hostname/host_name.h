// The one grammar for the name of a site: what a browser can ask the DNS for.
//
// Labels of 1 to 63 bytes of letters, digits, hyphen and underscore (RFC 1123 section 2.1; the underscore because sites
// have it), 253 bytes in all, a final dot or none (RFC 1035 section 2.3.4). International names go through UTS 46
// (hostname/idn.h). The last label is no number, decimal or 0x: browsers take such a host for an address (WHATWG URL,
// "ends in a number"). Hyphens may stand at either end of a label, since browsers ask for such names too.
//
// Lists, tables, orders, options and configuration all ask here. A text that is refused says why, and which host was
// perhaps meant: nothing is ever taken for another name than the one that stands there.
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
    std::string value = {};     // of the fault: the character, the address, UTS 46's complaint, the text it stands for
    std::string intended = {};  // the host that was perhaps meant, as to_string() writes it; empty: nobody knows

    Message reason() const;  // "names a port, ...", to stand behind the text; names neither text nor host
    Message remedy() const;  // "did you mean x.example?"
};

// Plain ASCII host names of two labels or more, which nearly all are: no heap, nothing said about the rest.
bool parse_plain_host(std::string_view text, OwnerName& out) noexcept;

// The whole grammar. Nothing is returned when `out` is the name. Of a top-level domain and the root, which a list
// cannot name and a question can, `out` is set too.
std::optional<HostRefusal> read_host_name(std::string_view text, OwnerName& out);

// Of a name that came in wire format, as from a zone: why no site can have it.
std::optional<HostRefusal> refuse_host(const OwnerName& name);

// A name that somebody writes on purpose, in a command, a configuration or an order: a host name, or one with octets
// that no host has, each written \DDD or, of . \ " ; ( ) @ $, behind a backslash (RFC 1035 section 5.1). Top-level
// domains and the root too. Throws Error(usage).
OwnerName parse_name_input(std::string_view text);

// Every octet is one that OwnerName::to_string() writes so that parse_name_input() reads it again.
bool can_be_written(const OwnerName& name);

}  // namespace saring::hostname
