// What TOML has no place for, found before its parser sees it: toml++ 3.3 takes a letter beyond ASCII
// outside strings and comments for something that cannot be (TOML_UNREACHABLE, undefined behaviour).
#pragma once

#include <optional>

#include "base/bytes.h"

namespace saring::config {

struct Place {
    std::size_t line, column;  // from 1; columns in octets
};

// The first octet beyond ASCII outside strings and comments. Strings without an end are the parser's business.
std::optional<Place> stray_in_toml(ByteView text);

}  // namespace saring::config
