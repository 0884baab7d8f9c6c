// Reads [safety] and [local]. Apart from the structs, as few need the TOML library's headers.
#pragma once

#include "config/safety_config.h"
#include "config/toml_table.h"

namespace saring::toml_table {

Handler safety_option(SafetyConfig& out);
Handler local_option(LocalConfig& out);

}  // namespace saring::toml_table
