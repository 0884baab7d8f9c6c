#include "ship/dnstap_destination.h"

#include <fcntl.h>
#include <fstrm.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "dnstap/message.h"

namespace saring::ship {
namespace {

constexpr std::string_view content_type = "protobuf:dnstap.Dnstap",
                           to_socket = "dnstap+unix:", to_file = "dnstap+file:";
constexpr int patience_ms = 30000;  // timeout of a reader that does not read

}  // namespace

bool is_dnstap_url(const std::string& url) { return url.rfind(to_socket, 0) == 0 || url.rfind(to_file, 0) == 0; }

// I/O of Frame Streams, with its handshake; stops waiting at the stop signal.
struct DnstapDestination::Stream {
    explicit Stream(StopSignal& s, bool socket) : stop(s), is_socket(socket) {
        auto* io = fstrm_rdwr_init(this);
        fstrm_rdwr_set_open(io, [](void*) { return fstrm_res_success; });
        fstrm_rdwr_set_close(io, [](void*) { return fstrm_res_success; });
        fstrm_rdwr_set_destroy(io, [](void*) { return fstrm_res_success; });
        fstrm_rdwr_set_write(io, [](void* self, const iovec* parts, int count) {
            return static_cast<Stream*>(self)->write(parts, count);
        });
        // With a read function the stream does a bidirectional handshake.
        if (is_socket)
            fstrm_rdwr_set_read(io, [](void* self, void* data, std::size_t size) {
                return static_cast<Stream*>(self)->read(data, size);
            });
        auto* options = fstrm_writer_options_init();
        fstrm_writer_options_add_content_type(options, content_type.data(), content_type.size());
        writer = fstrm_writer_init(options, &io);
        fstrm_writer_options_destroy(&options);
        fstrm_rdwr_destroy(&io);  // null if the writer has taken ownership
        if (!writer) throw std::bad_alloc();
    }
    ~Stream() {
        // No end of stream for the reader: close() has sent it, or it failed.
        gone = true;
        fstrm_writer_destroy(&writer);
        if (fd >= 0) ::close(fd);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    bool wait(short events) {
        if (gone) return false;
        if (!is_socket) return true;
        for (int waited = 0; waited < patience_ms; waited += 100) {
            pollfd p{fd, events, 0};
            if (::poll(&p, 1, 100) > 0) return true;
            if (stop.requested() && stop.since() > std::chrono::seconds(5)) return false;
        }
        error = ETIMEDOUT;
        return false;
    }
    fstrm_res write(const iovec* parts, int count) {
        for (int i = 0; i < count; ++i)
            for (std::size_t at = 0; at < parts[i].iov_len;) {
                if (!wait(POLLOUT)) return fstrm_res_failure;
                const char* from = static_cast<const char*>(parts[i].iov_base) + at;
                ssize_t n = is_socket ? ::send(fd, from, parts[i].iov_len - at, MSG_NOSIGNAL | MSG_DONTWAIT)
                                      : ::write(fd, from, parts[i].iov_len - at);
                if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
                if (n < 0) return error = errno, fstrm_res_failure;
                at += static_cast<std::size_t>(n);
            }
        return fstrm_res_success;
    }
    fstrm_res read(void* data, std::size_t size) {
        for (std::size_t at = 0; at < size;) {
            if (!wait(POLLIN)) return fstrm_res_failure;
            ssize_t n = ::recv(fd, static_cast<char*>(data) + at, size - at, MSG_DONTWAIT);
            if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (n <= 0) return error = n < 0 ? errno : ECONNRESET, fstrm_res_failure;
            at += static_cast<std::size_t>(n);
        }
        return fstrm_res_success;
    }

    StopSignal& stop;
    const bool is_socket;
    int fd = -1, error = 0;
    bool gone = false;
    fstrm_writer* writer = nullptr;
};

DnstapDestination::DnstapDestination(const std::string& url, StopSignal& stop)
    : is_socket_(url.rfind(to_socket, 0) == 0),
      path_(url.substr(is_socket_ ? to_socket.size() : to_file.size())),
      stop_(stop) {
    if (path_.empty() || path_[0] != '/')
        throw Error(ErrorKind::usage, url, msg("has no absolute path"),
                    msg("write e.g. dnstap+unix:/run/tap.sock or dnstap+file:/var/tmp/hits.fstrm"));
    if (is_socket_ && path_.size() >= sizeof(sockaddr_un::sun_path))
        throw Error(ErrorKind::usage, path_, msg("is too long for a socket"), msg("choose a shorter path"));
}

DnstapDestination::~DnstapDestination() {
    try {
        if (stream_ && !is_socket_) close();
    } catch (const std::exception&) {  // readers only miss the end of the stream
    }
}

void DnstapDestination::fail(const Message& doing, int error) const {
    if (stop_.requested() && stop_.since() > std::chrono::seconds(5)) throw Stopped();
    auto why = doing + ": " + std::strerror(error);
    if (is_socket_) throw TemporaryFailure(path_, why, msg("start the reader: hits wait here until it listens"));
    if (error == EEXIST)
        throw Error(ErrorKind::network, path_, msg("exists already"),
                    msg("name another file: a stream cannot be continued"));
    throw Error(ErrorKind::network, path_, why, msg("hits that were not written are sent again"));
}

void DnstapDestination::open() {
    if (stream_) return;
    auto stream = std::make_unique<Stream>(stop_, is_socket_);
    if (is_socket_) {
        stream->fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path_.copy(address.sun_path, sizeof address.sun_path - 1);
        if (stream->fd < 0 || ::connect(stream->fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            fail(msg("cannot connect"), errno);
    } else {
        stream->fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
        if (stream->fd < 0) fail(msg("cannot create"), errno);
    }
    if (fstrm_writer_open(stream->writer) != fstrm_res_success)
        fail(msg("does not speak dnstap Frame Streams"), stream->error);
    stream_ = std::move(stream);
}

void DnstapDestination::close() {
    auto stream = std::move(stream_);
    if (fstrm_writer_close(stream->writer) != fstrm_res_success) fail(msg("did not confirm the data"), stream->error);
}

void DnstapDestination::send(const std::string& run, const std::vector<hitlog::Hit>& batch) {
    open();
    for (const auto& hit : batch) {
        auto message = dnstap::message_of(run, hit);
        if (fstrm_writer_write(stream_->writer, message.data(), message.size()) == fstrm_res_success) continue;
        auto stream = std::move(stream_);
        fail(msg("cannot write"), stream->error);
    }
    if (is_socket_) return close();
    if (::fdatasync(stream_->fd) != 0) fail(msg("cannot flush"), errno);
}

}  // namespace saring::ship
