#include "transfer/tcp_stream.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace saring::transfer {

using namespace std::chrono;

TcpStream::TcpStream(const std::string& host, const std::string& port, const StreamLimits& limits)
    : server_(host + ":" + port), limits_(limits) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    if (int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0)
        throw NotReached(ErrorKind::network, server_, msg("cannot be found: %1", ::gai_strerror(code)),
                         msg("check the server's name, or give its address"));
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
    Message why = msg("has no address");
    for (auto* a = all.get(); a; a = a->ai_next)
        if (connect_to(*a, why)) return;
    throw NotReached(ErrorKind::network, server_, msg("cannot be reached: %1", why),
                     msg("check the address and the network"));
}

TcpStream::~TcpStream() {
    if (fd_ >= 0) ::close(fd_);
}

void TcpStream::break_off(const Message& why, const Message& remedy) const {
    throw ConnectionFailed(ErrorKind::network, server_, why, remedy);
}

void TcpStream::fail(const Message& why, const Message& remedy) const {
    throw Error(ErrorKind::network, server_, why, remedy);
}

bool TcpStream::connect_to(const addrinfo& address, Message& why) {
    fd_ = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
    if (fd_ >= 0 && (::connect(fd_, address.ai_addr, address.ai_addrlen) == 0 || errno == EINPROGRESS)) {
        int code = 0;
        socklen_t size = sizeof code;
        try {
            wait(POLLOUT);
            ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &code, &size);
        } catch (const Error& e) { code = ETIMEDOUT; }
        if (code == 0) return true;
        errno = code;
    }
    why = std::strerror(errno);
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    return false;
}

void TcpStream::wait(short events) const {
    auto now = steady_clock::now();
    auto until = std::min(limits_.deadline, now + limits_.stall);
    for (;;) {
        auto left = ceil<milliseconds>(until - steady_clock::now()).count();
        pollfd p{fd_, events, 0};
        int n = left > 0 ? ::poll(&p, 1, static_cast<int>(std::min<decltype(left)>(left, 60000))) : 0;
        if (n > 0) return;
        if (n < 0 && errno != EINTR) break_off(msg("connection failed: %1", std::strerror(errno)), msg("try again"));
        if (left > 0) continue;
        if (until == limits_.deadline)
            fail(msg("exceeded the transfer's time limit"), msg("try again, or raise timeout_seconds of the feed"));
        fail(msg("sent nothing for %1 seconds", limits_.stall.count()),
             msg("try again, or raise stall_seconds of the feed"));
    }
}

void TcpStream::send(ByteView message) {
    Bytes out{static_cast<char>(message.size() >> 8), static_cast<char>(message.size() & 0xff)};
    out += message;
    for (ByteView remaining = out; !remaining.empty();) {
        wait(POLLOUT);
        ssize_t n = ::send(fd_, remaining.data(), remaining.size(), MSG_NOSIGNAL);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) break_off(msg("connection failed: %1", std::strerror(errno)), msg("try again"));
        remaining.remove_prefix(static_cast<std::size_t>(n));
    }
}

void TcpStream::read_exactly(char* to, std::size_t size) {
    received_ += size;
    if (received_ > limits_.max_bytes)
        fail(msg("exceeded the transfer's limit of %1 bytes", limits_.max_bytes),
             msg("raise max_mib of the feed if the zone is that large"));
    while (size > 0) {
        if (steady_clock::now() >= limits_.deadline)
            fail(msg("exceeded the transfer's time limit"), msg("try again, or raise timeout_seconds of the feed"));
        ssize_t n = ::recv(fd_, to, size, 0);
        if (n < 0 && errno == EAGAIN) {
            wait(POLLIN);
            continue;
        }
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break_off(msg("connection failed: %1", std::strerror(errno)), msg("try again"));
        if (n == 0)
            break_off(msg("closed the connection before the transfer was complete"),
                      msg("try again; the server's log says why"));
        to += n;
        size -= static_cast<std::size_t>(n);
    }
}

Bytes TcpStream::receive() {
    char head[2];
    read_exactly(head, sizeof head);
    Bytes out(static_cast<std::size_t>(from_be({head, sizeof head})), '\0');
    read_exactly(out.data(), out.size());
    return out;
}

}  // namespace saring::transfer
