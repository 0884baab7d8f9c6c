// Values on the command line that CLI11 accepts and that no option means.
#pragma once

#include <CLI/CLI.hpp>

namespace saring::tool {

// After parsing, before a command runs. Throws Error(usage) for an empty value, as from an unset variable of a script,
// which a command would take for an option that was not given, and for a negative or too large number, which CLI11
// converts to another one.
void check_given_values(const CLI::App& app);

}  // namespace saring::tool
