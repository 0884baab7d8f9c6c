// Reads [safety] and [local]. Separate from the structs, since few files need the headers of the TOML library.
#pragma once

#include "config/safety_config.h"
#include "config/toml_table.h"

namespace saring::settings {

config::toml_table::Handler safety_option(config::SafetyConfig& out);
config::toml_table::Handler local_option(config::LocalConfig& out);

}  // namespace saring::settings
