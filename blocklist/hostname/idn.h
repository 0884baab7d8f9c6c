// International names: UTS 46 (IDNA2008, non-transitional), to the ASCII form that browsers look up.
#pragma once

#include <string>
#include <string_view>

#include "name/owner_name.h"

namespace saring::hostname {

// Converts a name with non-ASCII characters. False: it has no ASCII form, and `out` has the reason. The result may have
// characters that no host name has: check it.
bool to_ascii_name(std::string_view text, std::string& out);

// The Unicode form, if it differs: "bücher.example" for xn--bcher-kva.example. Empty when it does not differ or a label
// is not a valid international one. Not safe for a terminal: it may look like another name.
std::string readable_name(const OwnerName& name);

}  // namespace saring::hostname
