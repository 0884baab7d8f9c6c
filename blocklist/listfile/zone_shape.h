// Tests line by line whether a text looks like a zone file (RFC 1035 section 5.1), without parsing its records.
#pragma once

#include <string_view>

#include "list/list_content.h"

namespace saring::listfile {

class ZoneShape {
public:
    void line(std::string_view text);
    bool is_open() const { return open_; }
    const list::FormatFit& fit() const { return fit_; }
    std::uint64_t marks() const { return marks_; }  // directives, SOA and CNAME

private:
    list::FormatFit fit_;
    std::uint64_t marks_ = 0;
    bool open_ = false;  // within parentheses
};

}  // namespace saring::listfile
