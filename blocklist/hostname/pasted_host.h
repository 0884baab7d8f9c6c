// Finds the host in pasted text: a URL, `name/`, `name:443`, `user@name`, `[2001:db8::1]:443`.
#pragma once

#include <string>
#include <string_view>

namespace saring::hostname {

struct PastedHost {
    std::string_view host;  // a part of the text, without brackets; may be anything, or empty
    std::string_view port;  // digits, or empty
    bool scheme = false;    // "https://"
    bool user = false;      // "somebody@"
    bool path = false;      // "/", "?" or "#" after the host
    bool page = false;      // a path other than "/"

    bool is_more_than_a_host() const { return scheme || user || path || !port.empty(); }
};

PastedHost split_pasted_host(std::string_view text);

// Removes surrounding blanks, and the invisible characters that spreadsheets and messengers insert.
std::string without_invisible(std::string text);
// Removes also surrounding quotation marks and brackets, as in a cell of a table.
std::string unquoted(std::string text);

}  // namespace saring::hostname
