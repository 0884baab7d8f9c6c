// The [ship] table of saring.toml.
#pragma once

#include "config/ship_config.h"
#include "config/toml_table.h"

namespace saring {

toml_table::Handler ship_option(ShipConfig& out);

}  // namespace saring
