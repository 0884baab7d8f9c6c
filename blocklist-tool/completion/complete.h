// What may stand next on a command line. The scripts for bash, zsh and fish beside this file
// only ask and show: whatever commands, options and values there are is known here alone.
#pragma once

#include <string>
#include <vector>

#include "program/session.h"

namespace saring::tool {

// `words` stand behind the program's name; the last is the one being typed, maybe empty. Prints a line a
// candidate: the whole word, a tab, what it is. Or one line, :files or :dirs: the shell knows better.
// Says nothing where there is nothing to say, whatever the reason.
void complete(CLI::App& app, Session& session, const std::vector<std::string>& words);

}  // namespace saring::tool
