// The host in what people paste: a URL, `name/`, `name:443`, `user@name`, `[2001:db8::1]:443`.
#pragma once

#include <string>
#include <string_view>

namespace saring::hostname {

struct PastedHost {
    std::string_view host;  // a part of the text, without brackets; may be anything, or empty
    std::string_view port;  // digits, or empty
    bool scheme = false;    // "https://"
    bool user = false;      // "somebody@"
    bool path = false;      // "/", "?" or "#" behind the host
    bool page = false;      // a path that is more than "/"

    bool is_more_than_a_host() const { return scheme || user || path || !port.empty(); }
};

PastedHost take_apart(std::string_view text);

// Without the blanks around it, and without the characters that spreadsheets and messengers put in unseen.
std::string without_unseen(std::string text);
// Nor with the quotation marks and brackets around it, as a cell of a table has them.
std::string bare(std::string text);

}  // namespace saring::hostname
