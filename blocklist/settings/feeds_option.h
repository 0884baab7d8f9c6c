// Reads [[feed]]. Apart from the struct, as few need the TOML library's headers.
#pragma once

#include "config/feeds_config.h"
#include "config/toml_table.h"

namespace saring::settings {

// Names are unique.
config::toml_table::Handler feeds_option(std::vector<config::FeedConfig>& out);

}  // namespace saring::settings
