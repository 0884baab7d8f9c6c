// The TOML library. Its parser is compiled once, in toml.cc.
#pragma once

// With the library's assertions, some malformed files would abort the process instead of being refused.
#define TOML_ASSERT(expr) static_cast<void>(0)
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>
