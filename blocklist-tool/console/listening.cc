#include "console/listening.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace saring::tool::console {
namespace {

constexpr const char* listen_option = "console.listen";
constexpr int backlog = 128;

[[noreturn]] void cannot_listen(const std::string& where, const char* what, int code) {
    throw Error(ErrorKind::usage, listen_option, msg("%1: %2: %3", where, what, std::strerror(code)),
                msg("choose another address, or end what has it"));
}

bool somebody_listens(const sockaddr_un& at) {
    int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    if (fd >= 0) ::close(fd);
    return answered;
}

}  // namespace

ListenAddress parse_listen(const std::string& text) {
    auto fail = [&](const Message& why) {
        throw Error(ErrorKind::usage, listen_option, msg("\"%1\" %2", text, why),
                    msg("write unix:/run/saring-console/console.sock, 127.0.0.1:8080 or [::1]:8080"));
    };
    ListenAddress out;
    if (text.rfind("unix:", 0) == 0) {
        out.is_unix = out.is_loopback = true;
        out.path = text.substr(5);
        if (out.path.empty() || out.path[0] != '/' || out.path.size() >= sizeof(sockaddr_un{}.sun_path))
            fail(msg("is no path that a socket can have"));
        return out;
    }
    auto colon = text.rfind(':');
    if (colon == std::string::npos) fail(msg("has no port"));
    out.address = text.substr(0, colon);
    out.port = text.substr(colon + 1);
    if (out.port.empty() || out.port.size() > 5 || out.port.find_first_not_of("0123456789") != std::string::npos ||
        std::stoul(out.port) > 65535)
        fail(msg("has no port"));
    if (out.address.size() > 2 && out.address.front() == '[' && out.address.back() == ']')
        out.address = out.address.substr(1, out.address.size() - 2);
    in_addr v4{};
    in6_addr v6{};
    if (::inet_pton(AF_INET, out.address.c_str(), &v4) == 1) out.is_loopback = (ntohl(v4.s_addr) >> 24) == 127;
    else if (::inet_pton(AF_INET6, out.address.c_str(), &v6) == 1) out.is_loopback = IN6_IS_ADDR_LOOPBACK(&v6);
    else fail(msg("has no address"));
    return out;
}

ListeningSocket::ListeningSocket(const ListenAddress& where, const std::string& mode) {
    if (where.is_unix) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        where.path.copy(at.sun_path, sizeof at.sun_path - 1);
        struct stat there {};
        if (::lstat(where.path.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) {
            if (somebody_listens(at)) cannot_listen(where.path, "bind", EADDRINUSE);
            ::unlink(where.path.c_str());
        }
        fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        // Nobody comes in before the mode is what was asked for.
        auto before = ::umask(0177);
        int failed = ::bind(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at);
        int code = errno;
        ::umask(before);
        if (failed != 0) cannot_listen(where.path, "bind", code);
        path_ = where.path;
        if (::chmod(path_.c_str(), static_cast<mode_t>(std::stoul(mode, nullptr, 8))) != 0)
            cannot_listen(where.path, "chmod", errno);
        url_ = "unix:" + path_;
    } else {
        addrinfo hints{}, *found = nullptr;
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
        hints.ai_socktype = SOCK_STREAM;
        std::string shown_as = where.address.find(':') == std::string::npos ? where.address : "[" + where.address + "]";
        if (::getaddrinfo(where.address.c_str(), where.port.c_str(), &hints, &found) != 0)
            cannot_listen(shown_as, "address", EINVAL);
        fd_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        int on = 1;
        ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        int failed = ::bind(fd_, found->ai_addr, found->ai_addrlen);
        int code = errno;
        ::freeaddrinfo(found);
        if (failed != 0) cannot_listen(shown_as + ":" + where.port, "bind", code);
        sockaddr_storage bound{};
        socklen_t size = sizeof bound;
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &size);
        auto port = bound.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&bound)->sin_port
                                               : reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port;
        url_ = "http://" + shown_as + ":" + std::to_string(ntohs(port)) + "/";
    }
    if (::listen(fd_, backlog) != 0) cannot_listen(url_, "listen", errno);
}

std::optional<InheritedSocket> inherited_socket() {
    constexpr int first = 3;
    const char *pid = std::getenv("LISTEN_PID"), *count = std::getenv("LISTEN_FDS");
    if (!pid || !count || std::strtol(pid, nullptr, 10) != ::getpid() || std::string(count) != "1") return std::nullopt;
    InheritedSocket out{first, {}};
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    if (::getsockname(first, reinterpret_cast<sockaddr*>(&at), &size) != 0) return std::nullopt;
    char text[INET6_ADDRSTRLEN] = "";
    if (at.ss_family == AF_UNIX) {
        out.address.is_unix = out.address.is_loopback = true;
        out.address.path = reinterpret_cast<sockaddr_un&>(at).sun_path;
    } else if (at.ss_family == AF_INET) {
        auto& in = reinterpret_cast<sockaddr_in&>(at);
        ::inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
        out.address = parse_listen(std::string(text) + ":" + std::to_string(ntohs(in.sin_port)));
    } else if (at.ss_family == AF_INET6) {
        auto& in = reinterpret_cast<sockaddr_in6&>(at);
        ::inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof text);
        out.address = parse_listen("[" + std::string(text) + "]:" + std::to_string(ntohs(in.sin6_port)));
    } else {
        return std::nullopt;
    }
    return out;
}

ListeningSocket::ListeningSocket(const InheritedSocket& inherited) : fd_(inherited.descriptor) {
    ::fcntl(fd_, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
    const auto& at = inherited.address;
    url_ = at.is_unix ? "unix:" + at.path : "http://" + at.address + ":" + at.port + "/";
}

ListeningSocket::~ListeningSocket() {
    if (!path_.empty()) ::unlink(path_.c_str());
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace saring::tool::console
