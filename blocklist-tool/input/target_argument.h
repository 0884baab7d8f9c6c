// A target as an operator types it: a name, an address or a prefix.
#pragma once

#include <string>

namespace saring::tool {

// Whether the text consists of digits, with dots or a slash, or is hexadecimal with a colon. No domain name is.
bool is_prefix_text(const std::string& text);

}  // namespace saring::tool
