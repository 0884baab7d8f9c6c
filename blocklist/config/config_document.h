// Reads saring.toml. Separate from config.h, since few files need the headers of the TOML library.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "config/toml_table.h"

namespace saring::config {

// Reads the resolver's tables into `c`, and the tables named in `tool_handlers` with those handlers. Throws
// Error(usage) as load_config() does.
void read_document(Config& c, const Bytes& text, const std::string& path, toml_table::Handlers tool_handlers);

// Throws Error(usage) naming the option when `action` is redirect and `c` has no target to redirect to.
void require_landing(const Config& c, const std::string& option, std::optional<policy::Action> action);

}  // namespace saring::config
