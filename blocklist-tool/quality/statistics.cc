#include "quality/statistics.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <sstream>

#include "base/error.h"

namespace saring::tool {
namespace {

constexpr std::size_t max_answer = 4u << 20;
constexpr std::string_view question = "UBCT1 stats_noreset\n";  // protocol version and command, unbound-control.c

[[noreturn]] void cannot(const std::string& control, const Message& why) {
    throw Error(ErrorKind::network, control, why,
                msg("in unbound.conf: remote-control: control-enable: yes, control-interface: /run/unbound.ctl; its "
                    "group must be that of this user"));
}

class Socket {
public:
    Socket(const std::string& control, unsigned seconds)
        : control_(control), end_(std::chrono::steady_clock::now() + std::chrono::seconds(seconds)) {
        sockaddr_storage at{};
        socklen_t size = 0;
        if (!control.empty() && control[0] == '/') {
            auto& un = reinterpret_cast<sockaddr_un&>(at);
            if (control.size() >= sizeof un.sun_path) cannot(control, msg("is too long for a socket"));
            un.sun_family = AF_UNIX;
            control.copy(un.sun_path, sizeof un.sun_path - 1);
            size = sizeof un;
        } else {
            auto colon = control.rfind(':');
            auto& in = reinterpret_cast<sockaddr_in&>(at);
            auto port = colon == std::string::npos ? 0ul : std::strtoul(control.c_str() + colon + 1, nullptr, 10);
            if (port == 0 || port > 65535 || ::inet_pton(AF_INET, control.substr(0, colon).c_str(), &in.sin_addr) != 1)
                cannot(control, msg("is neither the path of a socket nor ADDRESS:PORT"));
            in.sin_family = AF_INET;
            in.sin_port = htons(static_cast<std::uint16_t>(port));
            size = sizeof in;
        }
        fd_ = ::socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd_ < 0) cannot(control, std::strerror(errno));
        if (::connect(fd_, reinterpret_cast<sockaddr*>(&at), size) != 0 && errno != EINPROGRESS)
            fail(std::strerror(errno));
        wait(POLLOUT);
        int failed = 0;
        socklen_t length = sizeof failed;
        ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &failed, &length);
        if (failed != 0) fail(std::strerror(failed));
    }
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    std::string ask() {
        if (::send(fd_, question.data(), question.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(question.size()))
            fail(std::strerror(errno));
        std::string out;
        char piece[16384];
        while (out.size() < max_answer) {
            wait(POLLIN);
            auto n = ::recv(fd_, piece, sizeof piece, 0);
            if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            if (n < 0) fail(std::strerror(errno));
            if (n == 0) return out;
            out.append(piece, static_cast<std::size_t>(n));
        }
        fail(msg("answers without end"));
    }

private:
    [[noreturn]] void fail(const Message& why) {
        ::close(fd_);
        fd_ = -1;
        cannot(control_, why);
    }
    void wait(short events) {
        auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now()).count();
        pollfd p{fd_, events, 0};
        if (left <= 0 || ::poll(&p, 1, static_cast<int>(left)) <= 0) fail(msg("did not answer in time"));
    }

    const std::string control_;
    const std::chrono::steady_clock::time_point end_;
    int fd_ = -1;
};

std::uint64_t less(std::uint64_t after, std::uint64_t before) { return after - before; }

// The time that a share of the replies stayed below, taken as evenly spread within a bucket.
double percentile(const std::vector<RecursionBucket>& buckets, std::uint64_t all, double share) {
    double wanted = share * static_cast<double>(all), before = 0, from = 0;
    for (const auto& b : buckets) {
        auto n = static_cast<double>(b.replies);
        if (n > 0 && before + n >= wanted) return from + (b.up_to - from) * std::clamp((wanted - before) / n, 0.0, 1.0);
        before += n;
        from = b.up_to;
    }
    return from;
}

}  // namespace

ResolverStatistics parse_statistics(const std::string& text, const std::string& control) {
    std::map<std::string, double> values;
    ResolverStatistics out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        auto equals = line.find('=');
        if (equals == std::string::npos) continue;
        auto name = line.substr(0, equals);
        double value = std::strtod(line.c_str() + equals + 1, nullptr);
        unsigned long seconds = 0, microseconds = 0;
        if (std::sscanf(name.c_str(), "histogram.%*u.%*u.to.%lu.%lu", &seconds, &microseconds) == 2) {
            out.recursion.push_back({static_cast<double>(seconds) + static_cast<double>(microseconds) / 1e6,
                                     static_cast<std::uint64_t>(value)});
        } else if (name.rfind("num.answer.rcode.", 0) == 0) {
            if (name != "num.answer.rcode.nodata")
                out.answers = out.answers.value_or(0) + static_cast<std::uint64_t>(value);
            if (name == "num.answer.rcode.SERVFAIL") out.servfail = static_cast<std::uint64_t>(value);
        } else {
            values[name] = value;
        }
    }
    if (!values.count("total.num.queries"))
        cannot(control, msg("answers \"%1\"", text.substr(0, std::min<std::size_t>(text.find('\n'), 100))));
    auto number = [&](const char* name) { return static_cast<std::uint64_t>(values.count(name) ? values[name] : 0); };
    out.time = values.count("time.now") ? values["time.now"] : 0;
    out.queries = number("total.num.queries");
    out.cache_hits = number("total.num.cachehits");
    out.recursive_replies = number("total.num.recursivereplies");
    out.unanswered = number("total.requestlist.exceeded") + number("total.requestlist.overwritten");
    out.waiting = number("total.requestlist.current.user");
    out.recursion_average = values["total.recursion.time.avg"];
    if (out.is_extended() && !out.servfail) out.servfail = 0;
    std::sort(out.recursion.begin(), out.recursion.end(),
              [](const auto& a, const auto& b) { return a.up_to < b.up_to; });
    return out;
}

WatchedResolver watched_resolver(const std::string& text) {
    auto equals = text.find('=');
    if (equals == std::string::npos || text[0] == '/') return {"", text};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

ResolverStatistics read_statistics(const std::string& text, unsigned seconds) {
    auto watched = watched_resolver(text);
    return parse_statistics(Socket(watched.control, seconds).ask(), watched.control);
}

ServiceQuality quality_between(const std::optional<ResolverStatistics>& given, const ResolverStatistics& after) {
    // A sum that fell was reset.
    bool goes_on = given && after.queries >= given->queries && after.cache_hits >= given->cache_hits &&
                   after.recursive_replies >= given->recursive_replies && after.unanswered >= given->unanswered &&
                   after.answers.value_or(0) >= given->answers.value_or(0) &&
                   given->recursion.size() == after.recursion.size();
    ResolverStatistics before = goes_on ? *given : ResolverStatistics{};
    ServiceQuality out;
    out.seconds = given && after.time > given->time ? after.time - given->time : 0;
    out.is_extended = after.is_extended();
    out.queries = less(after.queries, before.queries);
    auto hits = less(after.cache_hits, before.cache_hits);
    out.answers = hits + less(after.recursive_replies, before.recursive_replies);
    out.unanswered = less(after.unanswered, before.unanswered);
    out.waiting = after.waiting;
    if (out.queries) out.cache_share = std::min(1.0, static_cast<double>(hits) / static_cast<double>(out.queries));
    if (after.is_extended()) {
        auto answers = less(*after.answers, before.answers.value_or(0));
        if (answers)
            out.servfail_share =
                static_cast<double>(less(*after.servfail, std::min(*after.servfail, before.servfail.value_or(0)))) /
                static_cast<double>(answers);
    }
    std::vector<RecursionBucket> buckets = after.recursion;
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        auto earlier = goes_on ? before.recursion[i].replies : 0;
        buckets[i].replies -= std::min(buckets[i].replies, earlier);
        all += buckets[i].replies;
    }
    if (all) {
        out.median = percentile(buckets, all, 0.5);
        out.p95 = percentile(buckets, all, 0.95);
        out.p99 = percentile(buckets, all, 0.99);
    }
    return out;
}

ServiceQuality together(const std::vector<ServiceQuality>& of) {
    ServiceQuality out;
    double cached = 0, failed = 0, queries = 0, answers = 0;
    auto worst = [](std::optional<double>& a, const std::optional<double>& b) {
        if (b) a = std::max(a.value_or(0), *b);
    };
    for (const auto& q : of) {
        out.seconds = std::max(out.seconds, q.seconds);
        out.queries += q.queries;
        out.answers += q.answers;
        out.unanswered += q.unanswered;
        out.waiting += q.waiting;
        out.is_extended |= q.is_extended;
        if (q.cache_share) {
            cached += *q.cache_share * static_cast<double>(q.queries);
            queries += static_cast<double>(q.queries);
        }
        if (q.servfail_share) {
            failed += *q.servfail_share * static_cast<double>(q.answers);
            answers += static_cast<double>(q.answers);
        }
        worst(out.median, q.median);
        worst(out.p95, q.p95);
        worst(out.p99, q.p99);
    }
    if (queries > 0) out.cache_share = cached / queries;
    if (answers > 0) out.servfail_share = failed / answers;
    return out;
}

}  // namespace saring::tool
