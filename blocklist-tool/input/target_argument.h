// A target as an operator types it: a name, an address or a prefix.
#pragma once

#include <string>

namespace saring::tool {

// Digits, dots and a slash, or any colon: no domain target looks like that.
bool is_prefix_text(const std::string& text);

}  // namespace saring::tool
