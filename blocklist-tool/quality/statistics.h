// A resolver's own statistics, over Unbound's control channel: read without resetting them.
// unbound-control(8) describes them under "stats".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace saring::tool {

struct RecursionBucket {
    double up_to = 0;  // seconds
    std::uint64_t replies = 0;
};

// Sums since Unbound's statistics were begun.
struct ResolverStatistics {
    double time = 0;  // Unbound's own clock, seconds
    std::uint64_t queries = 0, cache_hits = 0, recursive_replies = 0;
    std::uint64_t unanswered = 0;                    // dropped: the request list was full, or an old request gave way
    std::uint64_t waiting = 0;                       // being resolved now
    std::optional<std::uint64_t> answers, servfail;  // with extended-statistics
    double recursion_average = 0;                    // seconds
    std::vector<RecursionBucket> recursion;          // likewise; ascending
    bool is_extended() const { return answers.has_value(); }
};

// A resolver of quality.control, "ID-JK=/run/unbound.ctl" or "/run/unbound.ctl": the region that it serves, empty where
// none is said, and where its control channel is.
struct WatchedResolver {
    std::string region, control;
};
WatchedResolver watched_resolver(const std::string& text);

// `control`: a watched resolver as above, by the path of the socket (control-interface: /run/unbound.ctl), or
// ADDRESS:PORT with control-use-cert: no. Throws Error(network) naming it, within `seconds`.
ResolverStatistics read_statistics(const std::string& control, unsigned seconds);
// From the text that Unbound answers with. Throws Error(network).
ResolverStatistics parse_statistics(const std::string& text, const std::string& control);

// From one reading to the next, `time` being the seconds between; from the beginning when `before` is none. Statistics
// that were reset in between, by a restart or another program, count from then on.
ResolverStatistics statistics_between(const std::optional<ResolverStatistics>& before, const ResolverStatistics& after);
// Of two that statistics_between() made.
void add(ResolverStatistics& sum, const ResolverStatistics& more);

struct ServiceQuality {
    double seconds = 0;
    std::uint64_t queries = 0, answers = 0, unanswered = 0, waiting = 0;
    std::optional<double> cache_share;       // of the queries; nothing when there were none
    std::optional<double> servfail_share;    // of the answers
    std::optional<double> median, p95, p99;  // of recursion, seconds
    bool is_extended = false;
    double per_second(std::uint64_t n) const { return seconds > 0 ? static_cast<double>(n) / seconds : 0; }
};
ServiceQuality quality_of(const ResolverStatistics& between);
inline ServiceQuality quality_between(const std::optional<ResolverStatistics>& before,
                                      const ResolverStatistics& after) {
    return quality_of(statistics_between(before, after));
}
// Of several resolvers: sums, shares of the sums, and of the times of recursion the worst, which no average hides.
ServiceQuality together(const std::vector<ServiceQuality>& of);

}  // namespace saring::tool
