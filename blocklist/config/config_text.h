// A configuration as text, for who keeps it: the module, over reloads.
#pragma once

#include "config/config.h"

namespace saring::config {

constexpr std::size_t max_config_bytes = 4u << 20;

// The resolver's part of a configuration. `path`: where the text came from; it is not opened. The tables that only
// the tool reads are left at their defaults. Throws Error(usage) naming file, line, column and option.
Config parse_config(const Bytes& text, const std::string& path);

// The quoted value of a table's option in a text that need not be TOML; empty when it is not found. What a
// configuration that cannot be used still says.
std::string salvaged_option(ByteView text, ByteView table, ByteView option);

}  // namespace saring::config
