// The state of the Unbound module, from its status files (base/status_path.h) and from whether its process is alive and
// still writes them.
#pragma once

#include "config/config.h"
#include "output/output.h"

namespace saring::tool {

// `state` is the module's own (ok, failing, stale, stopped), or:
//   unknown   there is no readable status file
//   stopped   the process that wrote it no longer exists
//   silent    the process is alive but has not written for ten seconds: it hangs
// Members besides those of the file: alive, age (seconds), and processes: the state of each process. With several
// processes the members are those of the one in the worst state, with added counters. A process that was stopped
// properly is left out while others run; one that disappeared is not.
Json module_state(const config::Config& config, UnixTime now);

// Paths of all existing status files.
std::vector<std::string> module_state_files(const config::Config& config);

void print_module_state(const Json& state);

}  // namespace saring::tool
