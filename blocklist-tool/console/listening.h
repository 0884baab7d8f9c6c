// Where the console listens: a unix socket, or an address and a port.
#pragma once

#include <string>

#include "config/console_config.h"

namespace saring::tool::console {

struct ListenAddress {
    bool is_unix = false, is_loopback = false;
    std::string path;           // of a unix socket
    std::string address, port;  // else
};

// "unix:PATH", "127.0.0.1:8080", "[::1]:8080". Throws Error(usage) naming console.listen.
ListenAddress parse_listen(const std::string& text);

// Bound and listening. A unix socket that nobody listens on any more is replaced.
class ListeningSocket {
public:
    // Throws Error(usage).
    ListeningSocket(const ListenAddress& where, const std::string& mode);
    ~ListeningSocket();
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    int descriptor() const { return fd_; }
    // "unix:/run/…", "http://127.0.0.1:8080/"; with the port that the kernel chose where 0 was asked for.
    const std::string& url() const { return url_; }

private:
    int fd_ = -1;
    std::string path_, url_;
};

}  // namespace saring::tool::console
