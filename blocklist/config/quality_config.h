// [quality]: resolvers' own statistics. Options: conf/saring.toml.
#pragma once

#include <string>
#include <vector>

namespace saring::config {

struct QualityConfig {
    std::vector<std::string> control;  // sockets of Unbound's remote control, or ADDRESS:PORT; empty: none is read
    unsigned every_seconds = 60;       // interval of the readings that the console keeps, for a day
    std::string path = "/var/lib/saring/quality";  // folder of the readings kept over days; empty: none are
    unsigned keep_days = 35;
};

}  // namespace saring::config
