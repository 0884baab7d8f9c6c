// HTTP for the console, over libmicrohttpd: one thread for all connections, one that makes the pages, so that no number
// of visitors takes more than a core, and none waits for another's live view. What is asked of it is bounded in
// size, in number and in time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "console/http.h"

namespace saring::tool::console {

struct ServerLimits {
    unsigned connections = 512;
    unsigned idle_seconds = 30;
    std::size_t request_bytes = 24u << 10;  // head of a request, and what the library needs beside it
    std::size_t waiting_pages = 64;
};

class Server {
public:
    // `answer` runs on a thread of the server's, one request at a time; `prepare` on the same one while no request
    // waits: it ends when its argument says so, and returns when it is to be called again. Neither throws.
    using Prepare = std::function<std::chrono::seconds(const std::function<bool()>& is_over)>;
    Server(int listening_socket, const ServerLimits& limits, std::function<Response(const Request&)> answer,
           Prepare prepare);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace saring::tool::console
