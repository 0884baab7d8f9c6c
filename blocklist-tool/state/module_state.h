// What the Unbound module says of itself in its status files (base/status_path.h), with
// what only an onlooker can tell: whether its process lives and whether it still writes.
#pragma once

#include "config/config.h"
#include "output/output.h"

namespace saring::tool {

// `state` is the module's own (ok, failing, stale, stopped) unless it can no longer be believed:
//   unknown   there is no status file, or none that can be read
//   stopped   the process that wrote it is gone
//   silent    it lives and has not written for a while: it hangs
// Beside the file's members: alive, age (seconds), and processes: each process as it is by itself.
// Of several the whole is the one that fares worst, with counts added up. One that ended in good order
// is left out while others live; one that is gone without a word is not.
Json module_state(const config::Config& config, UnixTime now);

// The state files that there are, whoever wrote them.
std::vector<std::string> module_state_files(const config::Config& config);

void print_module_state(const Json& state);

}  // namespace saring::tool
