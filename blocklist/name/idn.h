// Names as people type them: Unicode goes through UTS 46 (IDNA2008, non-transitional)
// to its A-label form, as browsers do before they ask the DNS.
#pragma once

#include <string>
#include <string_view>

#include "name/owner_name.h"

namespace saring {

// ASCII input is parsed as presentation format. Throws Error(usage).
OwnerName parse_name_input(std::string_view text);

// As people read it, where that differs: "bücher.example" of xn--bcher-kva.example. Empty when it does not, or when a
// label is no international one. Not yet fit for a terminal: it may look like another name.
std::string readable_name(const OwnerName& name);

}  // namespace saring
