// A name as an operator types or pastes it. The host is taken out of a URL, `name/`, `name:443`, and that is said on
// standard error, so that nobody is told about another name than the one that he sees.
#pragma once

#include <string>

#include "name/owner_name.h"

namespace saring::tool {

// The host in it, or the text as it is: an address, a prefix and what is no host at all stay for the caller to judge.
std::string host_argument(const std::string& text);
// As above, but a page, a user or another port than those of the web stays as it is: whoever blocks or allows the host
// must name it, since it is more than what was pasted.
std::string whole_host_argument(const std::string& text);

// The name in it. Throws Error(usage) that names `option`.
OwnerName name_argument(const std::string& text, const std::string& option);

}  // namespace saring::tool
