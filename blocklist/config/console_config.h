// [console]: the read-only web page. Each option's default, unit and reason: conf/saring.toml.
#pragma once

#include <string>
#include <vector>

namespace saring::config {

struct ConsoleConfig {
    std::string listen = "unix:/run/saring-console/console.sock";
    std::string socket_mode = "0660";     // of a unix socket
    std::string token_file;               // empty: none is asked for
    std::vector<std::string> host_names;  // besides those of this machine's loopback
    std::string identity_header;          // the web server's word on who asks; empty: nobody says
    std::string access_log;               // empty: standard error
    std::string time_zone;                // UTC, WIB, WITA or WIT; empty: as display.time_zone
    std::string language = "id";          // where a browser asks for neither
    std::string resolver;                 // to ask for what subscribers get; empty: nobody is asked
    unsigned max_viewers = 100;           // live views at once
    unsigned look_seconds = 3;            // that one page may look at hits
    unsigned export_rows = 100000;
};

}  // namespace saring::config
