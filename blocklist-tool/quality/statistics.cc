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

ResolverStatistics statistics_between(const std::optional<ResolverStatistics>& before,
                                      const ResolverStatistics& after) {
    auto replies = [&](const RecursionBucket& b) {
        auto at = std::find_if(before->recursion.begin(), before->recursion.end(),
                               [&](const auto& earlier) { return earlier.up_to == b.up_to; });
        return at == before->recursion.end() ? 0 : at->replies;
    };
    ResolverStatistics out = after;
    out.time = before && after.time > before->time ? after.time - before->time : 0;
    // A sum that fell was reset.
    bool goes_on = before && after.queries >= before->queries && after.cache_hits >= before->cache_hits &&
                   after.recursive_replies >= before->recursive_replies && after.unanswered >= before->unanswered &&
                   after.answers.value_or(0) >= before->answers.value_or(0) &&
                   after.servfail.value_or(0) >= before->servfail.value_or(0) &&
                   std::all_of(after.recursion.begin(), after.recursion.end(),
                               [&](const auto& b) { return b.replies >= replies(b); });
    if (!goes_on) return out;
    out.queries -= before->queries;
    out.cache_hits -= before->cache_hits;
    out.recursive_replies -= before->recursive_replies;
    out.unanswered -= before->unanswered;
    if (out.is_extended()) *out.answers -= before->answers.value_or(0), *out.servfail -= before->servfail.value_or(0);
    for (auto& b : out.recursion) b.replies -= replies(b);
    return out;
}

void add(ResolverStatistics& sum, const ResolverStatistics& more) {
    sum.time += more.time;
    sum.queries += more.queries;
    sum.cache_hits += more.cache_hits;
    sum.recursive_replies += more.recursive_replies;
    sum.unanswered += more.unanswered;
    sum.waiting = more.waiting;
    if (more.is_extended()) {
        sum.answers = sum.answers.value_or(0) + *more.answers;
        sum.servfail = sum.servfail.value_or(0) + *more.servfail;
    }
    for (const auto& b : more.recursion) {
        auto at = std::lower_bound(sum.recursion.begin(), sum.recursion.end(), b,
                                   [](const auto& x, const auto& y) { return x.up_to < y.up_to; });
        if (at == sum.recursion.end() || at->up_to != b.up_to) sum.recursion.insert(at, b);
        else at->replies += b.replies;
    }
}

ServiceQuality quality_of(const ResolverStatistics& s) {
    auto share = [](std::uint64_t part, std::uint64_t all) {
        return all ? std::optional(std::min(1.0, static_cast<double>(part) / static_cast<double>(all))) : std::nullopt;
    };
    ServiceQuality out;
    out.seconds = s.time;
    out.is_extended = s.is_extended();
    out.queries = s.queries;
    out.answers = s.cache_hits + s.recursive_replies;
    out.unanswered = s.unanswered;
    out.waiting = s.waiting;
    out.cache_share = share(s.cache_hits, s.queries);
    if (s.is_extended()) out.servfail_share = share(*s.servfail, *s.answers);
    std::uint64_t all = 0;
    for (const auto& b : s.recursion) all += b.replies;
    if (all) {
        out.median = percentile(s.recursion, all, 0.5);
        out.p95 = percentile(s.recursion, all, 0.95);
        out.p99 = percentile(s.recursion, all, 0.99);
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
