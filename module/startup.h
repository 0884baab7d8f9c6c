// Chooses the configuration at load. A bad one never takes the resolver down: after a reload the last good one
// stays in use; without one the module loads, judges nothing and answers as failure.policy says.
#pragma once

#include <string>

#include "config/config.h"

namespace saring {

struct Startup {
    config::Config config;
    Bytes text;            // content of the file
    std::string outdated;  // the file's error if the last good configuration is used instead; else empty
    std::string unusable;  // why nothing can be judged, else empty; `config` then has no database and no hits
};

// Reads the configuration file. `chain` and `position`: saring_start's. Throws only std::bad_alloc.
Startup find_configuration(const char* chain, int position);
// Keeps the configuration for the next reload in the process's environment, because a reload unloads this library.
// Only while no worker runs (setenv).
void remember_configuration(const Startup& good);

}  // namespace saring
