// With which configuration the module begins. A bad one never takes the resolver down: over a reload the last good
// one stays in use, and where there is none the module still loads, judges nothing and does what failure.policy says.
#pragma once

#include <string>

#include "config/config.h"

namespace saring {

struct Startup {
    config::Config config;
    Bytes text;            // that it was read from
    std::string outdated;  // why the file cannot be used and the last good configuration is; else empty
    std::string unusable;  // why nothing can be judged; else empty. Then `config` names no database and no hits
};

// Reads the configuration file. `chain` and `position` as saring_start's. Throws nothing but std::bad_alloc.
Startup find_configuration(const char* chain, int position);
// Keeps it for the next reload, which unloads this library: in the process's environment. While no worker runs.
void remember_configuration(const Startup& good);

}  // namespace saring
