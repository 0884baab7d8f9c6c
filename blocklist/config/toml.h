// The TOML library. Its parser is compiled once, in toml.cc.
#pragma once

// Where its assertions are on, the library ends the process on some malformed files that it
// would refuse otherwise.
#define TOML_ASSERT(expr) static_cast<void>(0)
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>
