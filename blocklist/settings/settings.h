// saring.toml whole, as the tool reads it.
#pragma once

#include <string>

#include "config/config.h"

namespace saring::settings {

// Throws Error(usage) naming file, line, column and option. When `optional` is set a
// file that does not exist gives the defaults.
config::Config load_config(const std::string& path, bool optional = false);

}  // namespace saring::settings
