// [console]: the read-only web page. Each option's default, unit and reason: conf/saring.toml.
#pragma once

#include <string>
#include <vector>

namespace saring::config {

struct ConsoleConfig {
    std::string listen = "unix:/run/saring-console/console.sock";
    std::string socket_mode = "0660";     // of a unix socket
    std::string token_file;               // empty: no token is required
    std::vector<std::string> host_names;  // accepted besides the names of this machine's loopback addresses
    std::string identity_header;          // header in which the web server names the user; empty: none
    std::string access_log;               // empty: standard error
    std::string time_zone;                // UTC, WIB, WITA or WIT; empty: as display.time_zone
    std::string language = "id";          // for a browser that accepts neither language
    std::string resolver;                 // queried for the answers that subscribers get; empty: none
    unsigned max_viewers = 100;           // live views at once
    bool fleet = false;                   // hits come from the ClickHouse server of [ship]
    unsigned look_seconds = 3;            // time limit of one page's query over hits
    unsigned export_rows = 100000;
};

}  // namespace saring::config
