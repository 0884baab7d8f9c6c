// A name as an operator types or pastes it. Of a URL, `name/` or `name:443` the host is used, with a note on standard
// error.
#pragma once

#include <string>

#include "name/owner_name.h"

namespace saring::tool {

// The host in the text, or the text itself if it is an address, a prefix, or contains no host; the caller judges it.
std::string host_argument(const std::string& text);
// The same, but a URL with a path, a user or another port than 80 and 443 is returned unchanged: to block or allow the
// whole host, the operator must name it.
std::string whole_host_argument(const std::string& text);

// The name in the text. Throws Error(usage) that names `option`.
OwnerName name_argument(const std::string& text, const std::string& option);

}  // namespace saring::tool
