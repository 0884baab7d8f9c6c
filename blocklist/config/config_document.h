// Reading saring.toml. Apart from config.h, as few need the TOML library's headers.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"
#include "config/toml_table.h"

namespace saring::config {

// Reads the resolver's tables into `c`, and `others`, by the names of their tables. Throws Error(usage) as
// load_config() does.
void read_document(Config& c, const Bytes& text, const std::string& path, toml_table::Handlers others);

// Throws Error(usage) naming the option when it redirects people and `c` names no place to redirect them to.
void require_landing(const Config& c, const std::string& option, std::optional<policy::Action> action);

}  // namespace saring::config
