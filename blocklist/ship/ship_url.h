// The address of a ClickHouse server, taken apart and judged before anything connects to it.
#pragma once

#include <string>

#include "config/ship_config.h"

namespace saring::ship {

struct ShipUrl {
    std::string base;      // "https://host:8443/": shown in messages, holds no user
    std::string user;      // empty: the server's default user
    std::string database;  // letters, digits and underscores
};

// From config.url, config.user and config.database. Throws Error(usage): what is no http or https URL, holds
// a password, names a user or database twice and differently, or is http to another machine without insecure_http.
ShipUrl parse_ship_url(const config::ShipConfig& config);

}  // namespace saring::ship
