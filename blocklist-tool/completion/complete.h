// Candidates for the next word of a command line. The scripts for bash, zsh and fish in this folder only call
// `blocklist-tool complete` and show the result; commands, options and values are known only here.
#pragma once

#include <string>
#include <vector>

#include "program/session.h"

namespace saring::tool {

// `words`: the words after the program's name; the last one is being typed and may be empty. Prints one line per
// candidate: the whole word, a tab, a description. Or a single line, :files or :dirs, for the shell's own completion.
// Prints nothing, not even an error, if there are no candidates.
void complete(CLI::App& app, Session& session, const std::vector<std::string>& words);

}  // namespace saring::tool
