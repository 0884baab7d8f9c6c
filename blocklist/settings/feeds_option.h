// Reads [[feed]]. Separate from the struct, since few files need the headers of the TOML library.
#pragma once

#include "config/feeds_config.h"
#include "config/toml_table.h"

namespace saring::settings {

// Refuses duplicate names.
config::toml_table::Handler feeds_option(std::vector<config::FeedConfig>& out);

}  // namespace saring::settings
