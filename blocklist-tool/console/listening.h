// The console listens on a unix socket or on an address and port.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "config/console_config.h"

namespace saring::tool::console {

struct ListenAddress {
    bool is_unix = false, is_loopback = false;
    std::string path;           // of a unix socket
    std::string address, port;  // else
};

// "unix:PATH", "127.0.0.1:8080", "[::1]:8080". Throws Error(usage) naming console.listen.
ListenAddress parse_listen(const std::string& text);

// The socket that a service manager passed to this process (systemd.socket(5)); nothing if there is none.
struct InheritedSocket {
    int descriptor;
    ListenAddress address;
};
std::optional<InheritedSocket> inherited_socket();

// Bound and listening. A unix socket that nobody listens on any more is replaced.
class ListeningSocket {
public:
    // Throws Error(usage).
    ListeningSocket(const ListenAddress& where, const std::string& mode);
    explicit ListeningSocket(const InheritedSocket& inherited);
    ~ListeningSocket();
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    int release() { return std::exchange(fd_, -1); }  // whose it is from now on closes it
    // "unix:/run/…", "http://127.0.0.1:8080/"; with the port that the kernel chose where 0 was asked for.
    const std::string& url() const { return url_; }

private:
    int fd_ = -1;
    std::string path_, url_;
};

}  // namespace saring::tool::console
