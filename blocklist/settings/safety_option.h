// Reads [safety] and [local]. Apart from the structs, as few need the TOML library's headers.
#pragma once

#include "config/safety_config.h"
#include "config/toml_table.h"

namespace saring::settings {

config::toml_table::Handler safety_option(config::SafetyConfig& out);
config::toml_table::Handler local_option(config::LocalConfig& out);

}  // namespace saring::settings
