// The [hits] table of saring.toml.
#pragma once

#include "config/hits_config.h"
#include "config/toml_table.h"

namespace saring::config {

toml_table::Handler hits_option(HitsConfig& out);

}  // namespace saring::config
