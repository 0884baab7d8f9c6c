// [quality]: how resolvers serve, by their own statistics. conf/saring.toml has the options.
#pragma once

#include <string>
#include <vector>

namespace saring::config {

struct QualityConfig {
    std::vector<std::string> control;  // sockets of Unbound's remote control, or ADDRESS:PORT; empty: nobody is asked
    unsigned every_seconds = 60;       // between readings that the console keeps, for a day
};

}  // namespace saring::config
