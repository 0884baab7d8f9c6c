// The words of a command line that name a command, before CLI11 reads it: `help` in front of them, and what was meant
// by one that is no command.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace saring::tool {

// `words` without the program's name; "help hits list" becomes "hits list --help". Throws Error(usage) that names what
// comes nearest to a word that is no command.
std::vector<std::string> command_words(const CLI::App& app, std::vector<std::string> words);

}  // namespace saring::tool
