// A configuration parsed from text, for the module, which keeps the text across reloads.
#pragma once

#include "config/config.h"

namespace saring::config {

constexpr std::size_t max_config_bytes = 4u << 20;

// The resolver's part of a configuration. `path` is for messages and not opened. Tables that only the tool reads keep
// their defaults. Throws Error(usage) naming file, line, column and option.
Config parse_config(const Bytes& text, const std::string& path);

// The quoted value of an option in a text that may not be valid TOML; empty when it is not found. For a configuration
// that cannot be used.
std::string salvaged_option(ByteView text, ByteView table, ByteView option);

}  // namespace saring::config
