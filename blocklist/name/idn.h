// Names as people type them: Unicode goes through UTS 46 (IDNA2008, non-transitional)
// to its A-label form, as browsers do before they ask the DNS.
#pragma once

#include <string_view>

#include "name/owner_name.h"

namespace saring {

// ASCII input is parsed as presentation format. Throws Error(usage).
OwnerName parse_name_input(std::string_view text);

}  // namespace saring
