// Patterns of names for searches: `*` is any run of characters, dots included; `?` is one character. A pattern without
// either is a substring. A match takes at most length of pattern times length of name steps. A value; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace saring {

class NameGlob {
public:
    // Compares with names as OwnerName::to_string() writes them. Throws Error(usage) naming `field` for a pattern that
    // is empty, too long or not ASCII: in the DNS such a name is xn--...
    static NameGlob parse(const std::string& text, const std::string& field);

    const std::string& text() const { return pattern_; }  // in lower case, of the whole name
    bool matches(std::string_view name) const;            // `name` in lower case
    // A run of letters, hyphens and underscores that every matching name has within one label, as in wire format.
    // Empty: no such run is certain, or the text of an address could match as well (digits, a to f).
    std::string_view letters() const;
    bool operator==(const NameGlob&) const = default;

private:
    std::string pattern_;  // in lower case
};

}  // namespace saring
