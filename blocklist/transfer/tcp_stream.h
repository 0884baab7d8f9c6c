// DNS messages over one TCP connection, each after its length (RFC 1035 section 4.2.2), with limits on total time, idle
// time, and bytes received.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/message.h"

struct addrinfo;

namespace saring::transfer {

struct StreamLimits {
    std::chrono::steady_clock::time_point deadline;
    std::chrono::seconds stall{30};
    std::uint64_t max_bytes = 0;
};

// The connection failed; another attempt may succeed. Exceeded limits and refusals are plain Errors.
class ConnectionFailed : public Error {
public:
    using Error::Error;
};

// No connection was made: the server is down or does not exist.
class NotReached : public ConnectionFailed {
public:
    using ConnectionFailed::ConnectionFailed;
};

class TcpStream {
public:
    // Tries each address of the host. Throws NotReached; other members throw Error(network) naming the server.
    TcpStream(const std::string& host, const std::string& port, const StreamLimits& limits);
    ~TcpStream();
    TcpStream(const TcpStream&) = delete;
    TcpStream& operator=(const TcpStream&) = delete;

    void send(ByteView message);
    Bytes receive();
    std::uint64_t received() const { return received_; }

private:
    bool connect_to(const addrinfo& address, Message& why);
    void wait(short events) const;
    void read_exactly(char* to, std::size_t size);
    [[noreturn]] void fail(const Message& why, const Message& remedy) const;
    [[noreturn]] void break_off(const Message& why, const Message& remedy) const;

    std::string server_;
    StreamLimits limits_;
    int fd_ = -1;
    std::uint64_t received_ = 0;
};

}  // namespace saring::transfer
