// Reads [[feed]]. Apart from the struct, as few need the TOML library's headers.
#pragma once

#include "config/feeds_config.h"
#include "config/toml_table.h"

namespace saring::toml_table {

// Names are unique.
Handler feeds_option(std::vector<FeedConfig>& out);

}  // namespace saring::toml_table
