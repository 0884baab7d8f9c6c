// A held target as every command answers it in JSON.
#pragma once

#include "output.h"
#include "store/quarantine.h"

namespace saring::tool {

Json held_json(const Held& held, const OrderRecord& order, UnixTime now);

}  // namespace saring::tool
