// [quality]: resolvers' own statistics. Options: conf/saring.toml.
#pragma once

#include <string>
#include <vector>

namespace saring::config {

struct QualityConfig {
    std::vector<std::string> control;  // sockets of Unbound's remote control, or ADDRESS:PORT; empty: none is read
    unsigned every_seconds = 60;       // interval of the readings that the console keeps, for a day
};

}  // namespace saring::config
