// Names by a pattern, as an engineer searches them: `*` is any run of characters, dots included, `?` is one. A pattern
// without either is looked for anywhere in the name. The time that a match takes is bounded by length times length,
// whatever the pattern. A value; safe to use from any thread.
#pragma once

#include <string>
#include <string_view>

namespace saring {

class NameGlob {
public:
    // Names are compared as OwnerName::to_string() writes them. Throws Error(usage) naming `field` for a pattern that
    // is empty, too long, or not ASCII: the DNS has such a name as xn--...
    static NameGlob parse(const std::string& text, const std::string& field);

    bool matches(std::string_view name) const;  // of a name in lower case
    bool operator==(const NameGlob&) const = default;

private:
    std::string pattern_;  // in lower case
};

}  // namespace saring
