// [ship]: where a resolver's hits are sent. Each option's default, unit and reason: conf/saring.toml. The password
// itself is never part of a configuration, an argument or a message.
#pragma once

#include <string>

namespace saring::config {

struct ShipConfig {
    std::string url;                 // http(s)://[user@]host[:port][/database], or "stdout"; empty: not configured
    std::string user;                // else the URL's, else the server's default user
    std::string password_file;       // empty: no password
    std::string database;            // else the URL's, else default_database
    std::string ca_file;             // PEM; empty: the system's certificate authorities
    bool insecure_http = false;      // allows http:// to another machine
    std::string consumer;            // name under which progress is stored; empty: derived from the destination
    unsigned batch = 50000;          // hits a request; also the maximum held in memory
    unsigned interval_seconds = 10;  // --follow: time for which hits are collected into a batch
    unsigned timeout_seconds = 60;   // of one request
    unsigned retries = 4;            // --once: of one batch, after its first attempt

    static constexpr const char* default_database = "saring";
};

// Also for --consumer: 1 to 64 letters, digits, dots, underscores and hyphens.
bool is_consumer_name(const std::string& name);

}  // namespace saring::config
