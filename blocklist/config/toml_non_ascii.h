// Finds bytes beyond ASCII outside strings and comments before toml++ sees the text: version 3.3 runs into undefined
// behaviour (TOML_UNREACHABLE) on such a letter.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace saring::config {

struct TextPosition {
    std::size_t line, column;  // from 1; columns in bytes
};

// The first byte beyond ASCII outside strings and comments, after a quote where no string can begin, or after a
// backslash in a string. An unterminated string is left to the parser.
std::optional<TextPosition> non_ascii_in_toml(ByteView text);

}  // namespace saring::config
