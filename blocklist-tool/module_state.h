// What the Unbound module says of itself in its status file (module.status_file), with
// what only an onlooker can tell: whether its process lives and whether it still writes.
#pragma once

#include "config/config.h"
#include "output.h"

namespace saring::tool {

// `state` is the module's own (ok, failing, stale) unless it can no longer be believed:
//   unknown   there is no status file, or none that can be read
//   stopped   the process that wrote it is gone
//   silent    it lives and has not written for a while: it hangs, or another wrote the file
// Beside the file's members: alive, age (seconds).
Json module_state(const Config& config, UnixTime now);

void print_module_state(const Json& state);

}  // namespace saring::tool
