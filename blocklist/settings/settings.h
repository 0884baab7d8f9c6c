// Reads the whole of saring.toml, for the tool.
#pragma once

#include <string>

#include "config/config.h"

namespace saring::settings {

// Throws Error(usage) naming file, line, column and option. With `optional`, a missing file means the defaults.
config::Config load_config(const std::string& path, bool optional = false);

}  // namespace saring::settings
