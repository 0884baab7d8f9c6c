// Unicode names by UTS 46 (IDNA2008, non-transitional), to the form that browsers ask the DNS for.
#pragma once

#include <string>
#include <string_view>

#include "name/owner_name.h"

namespace saring::hostname {

// The ASCII form of a name that has other characters. False: it has none, and `out` says why. The result is whatever
// UTS 46 maps to, which may hold characters that no host name has: check it.
bool to_ascii_name(std::string_view text, std::string& out);

// As people read it, where that differs: "bücher.example" of xn--bcher-kva.example. Empty when it does not, or when a
// label is no international one. Not yet fit for a terminal: it may look like another name.
std::string readable_name(const OwnerName& name);

}  // namespace saring::hostname
