#include "ship/ndjson.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <nlohmann/json.hpp>

#include "hitlog/client.h"
#include "hits/tally.h"

namespace saring::ship {

using namespace std::chrono_literals;

std::string ndjson_line(const std::string& database_id, const hitlog::Hit& h) {
    nlohmann::ordered_json j{{"database_id", database_id},
                             {"sequence", h.sequence},
                             {"time", hitlog::format_microseconds(h.time)},
                             {"instance", h.instance},
                             {"client", hitlog::client_text(h.client)},
                             {"region", h.region},
                             {"asn", h.asn},
                             {"transport", to_string(h.transport)},
                             {"qname", h.qname.to_string()},
                             {"qtype", hits::qtype_text(h.qtype)},
                             {"trigger", to_string(h.trigger)},
                             {"matched", h.matched()},
                             {"action", to_string(h.action)},
                             {"order_id", h.order},
                             {"serial", h.serial}};
    return j.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void NdjsonDestination::send(const std::string& run, const std::vector<hitlog::Hit>& batch) {
    std::string lines;
    for (const auto& hit : batch) {
        std::string line = ndjson_line(run, hit) + "\n";
        if (lines.size() + line.size() > PIPE_BUF) {
            write_lines(lines);
            lines.clear();
        }
        lines += line;
    }
    write_lines(lines);
    settle();
}

void NdjsonDestination::write_lines(std::string_view lines) {
    while (!lines.empty()) {
        // A pipe that polls writable has space for PIPE_BUF bytes: the write does not block.
        if (!stop_.wait_writable(fd_)) throw Stopped();
        ssize_t n = ::write(fd_, lines.data(), lines.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) fail(errno);
        lines.remove_prefix(static_cast<std::size_t>(n));
    }
}

void NdjsonDestination::settle() {
    struct stat s {};
    if (::fstat(fd_, &s) != 0) fail(errno);
    if (S_ISREG(s.st_mode)) {
        if (::fdatasync(fd_) != 0) fail(errno);
        return;
    }
    if (!S_ISFIFO(s.st_mode)) return;  // a terminal displays at once
    for (int unread = 0;;) {
        if (::ioctl(fd_, FIONREAD, &unread) != 0 || unread == 0) break;
        pollfd p{fd_, 0, 0};
        if (::poll(&p, 1, 0) > 0 && (p.revents & POLLERR)) fail(EPIPE);
        if (stop_.wait(2ms)) throw Stopped();
    }
}

void NdjsonDestination::fail(int error) const {
    if (error == EPIPE)
        throw Error(ErrorKind::network, msg("standard output"), msg("the reader is gone"),
                    msg("start both again: hits that it had not read are sent again"));
    throw Error(ErrorKind::network, msg("standard output"), msg("cannot write: %1", std::strerror(error)),
                msg("hits that were not written are sent again"));
}

}  // namespace saring::ship
