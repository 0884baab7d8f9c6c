// Parses the address of a ClickHouse server and checks it before any connection.
#pragma once

#include <string>

#include "config/ship_config.h"

namespace saring::ship {

struct ShipUrl {
    std::string base;      // "https://host:8443/": shown in messages, without the user
    std::string user;      // empty: the server's default user
    std::string database;  // letters, digits and underscores
};

// From config.url, config.user and config.database. Throws Error(usage) when the URL is not http or https, contains a
// password, contradicts the options for user or database, or is http to another machine without insecure_http.
ShipUrl parse_ship_url(const config::ShipConfig& config);

}  // namespace saring::ship
