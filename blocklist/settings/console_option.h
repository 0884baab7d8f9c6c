// The [console] table of saring.toml.
#pragma once

#include "config/console_config.h"
#include "config/toml_table.h"

namespace saring::settings {

config::toml_table::Handler console_option(config::ConsoleConfig& out);

}  // namespace saring::settings
