// The [ship] table of saring.toml.
#pragma once

#include "config/ship_config.h"
#include "config/toml_table.h"

namespace saring::settings {

config::toml_table::Handler ship_option(config::ShipConfig& out);

}  // namespace saring::settings
