// Prepares the command line before CLI11 parses it: `help` as the first word, and suggestions for an unknown command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace saring::tool {

// `words`: without the program's name; "help hits list" becomes "hits list --help". For an unknown command throws
// Error(usage) that names the nearest one.
std::vector<std::string> command_words(const CLI::App& app, std::vector<std::string> words);

}  // namespace saring::tool
