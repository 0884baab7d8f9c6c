#include "quality/quality_output.h"

#include <map>

namespace saring::tool {
namespace {

constexpr unsigned patience = 2;  // seconds

Json number_or_null(const std::optional<double>& n) { return n ? Json(*n) : Json(nullptr); }

std::string le_text(double seconds) {
    char out[32];
    std::snprintf(out, sizeof out, "%.6g", seconds);
    return out;
}

}  // namespace

namespace {

Json region_or_null(const std::string& region) { return region.empty() ? Json(nullptr) : Json(region); }

void put(Json& j, const ServiceQuality& q) {
    bool timed = q.seconds > 0;
    j.update({{"seconds", timed ? Json(q.seconds) : Json(nullptr)},
              {"queries", q.queries},
              {"answers", q.answers},
              {"queries_per_second", timed ? Json(q.per_second(q.queries)) : Json(nullptr)},
              {"answers_per_second", timed ? Json(q.per_second(q.answers)) : Json(nullptr)},
              {"cache_share", number_or_null(q.cache_share)},
              {"recursion_median", number_or_null(q.median)},
              {"recursion_p95", number_or_null(q.p95)},
              {"recursion_p99", number_or_null(q.p99)},
              {"servfail_share", number_or_null(q.servfail_share)},
              {"unanswered", q.unanswered},
              {"waiting", q.waiting},
              {"extended", q.is_extended}});
}

}  // namespace

Json quality_json(const std::string& control, const ServiceQuality& q) {
    auto watched = watched_resolver(control);
    Json j{{"resolver", watched.control}, {"region", region_or_null(watched.region)}};
    put(j, q);
    j["error"] = nullptr;
    return j;
}

Json quality_error_json(const std::string& control, const std::string& error) {
    auto watched = watched_resolver(control);
    return {{"resolver", watched.control}, {"region", region_or_null(watched.region)}, {"error", error}};
}

Json quality_regions_json(const std::vector<std::pair<std::string, ServiceQuality>>& readings) {
    std::map<std::string, std::vector<ServiceQuality>> regions;
    for (const auto& [control, quality] : readings)
        if (auto region = watched_resolver(control).region; !region.empty()) regions[region].push_back(quality);
    Json out = Json::array();
    for (const auto& [region, of] : regions) {
        Json one{{"region", region}, {"resolvers", of.size()}};
        put(one, together(of));
        out.push_back(one);
    }
    return out;
}

namespace {

Labels labels_of(const std::string& control, const std::string& name = {}, const std::string& value = {}) {
    auto watched = watched_resolver(control);
    Labels out{{"resolver", watched.control}};
    if (!watched.region.empty()) out.emplace_back("region", watched.region);
    if (!name.empty()) out.emplace_back(name, value);
    return out;
}

}  // namespace

std::vector<QualityReading> quality_metrics(Exposition& out, const config::Config& config) {
    std::vector<QualityReading> readings;
    if (config.quality.control.empty()) return readings;
    std::vector<std::pair<std::string, ResolverStatistics>> read;
    std::vector<std::pair<std::string, bool>> up;
    for (const auto& control : config.quality.control) {
        try {
            read.emplace_back(control, read_statistics(control, patience));
            up.emplace_back(control, true);
            auto watched = watched_resolver(control);
            readings.push_back({now_unix(), watched.control, watched.region, read.back().second});
        } catch (const Error& e) {
            complain("blocklist-tool: " + translated(e.message()));
            up.emplace_back(control, false);
        }
    }
    out.gauge("resolver_up", "1 when the resolver told its statistics.");
    for (const auto& [control, is_up] : up) out.sample(is_up, labels_of(control));
    auto each = [&](auto value) {
        for (const auto& [control, s] : read) out.sample(static_cast<double>(value(s)), labels_of(control));
    };
    out.counter("resolver_queries_total", "Queries of clients, by Unbound's own statistics.");
    each([](const auto& s) { return s.queries; });
    out.counter("resolver_cache_hits_total", "Queries answered from cache.");
    each([](const auto& s) { return s.cache_hits; });
    out.counter("resolver_recursive_replies_total", "Queries answered after recursion.");
    each([](const auto& s) { return s.recursive_replies; });
    out.counter("resolver_unanswered_total", "Queries dropped because the request list was full.");
    each([](const auto& s) { return s.unanswered; });
    out.gauge("resolver_waiting", "Queries of clients that are being resolved.");
    each([](const auto& s) { return s.waiting; });
    if (std::none_of(read.begin(), read.end(), [](const auto& r) { return r.second.is_extended(); })) return readings;
    out.counter("resolver_answers_total", "Answers, by whether they are SERVFAIL (extended-statistics).");
    for (const auto& [control, s] : read)
        if (s.is_extended()) {
            out.sample(static_cast<double>(*s.servfail), labels_of(control, "servfail", "yes"));
            out.sample(static_cast<double>(*s.answers - std::min(*s.answers, *s.servfail)),
                       labels_of(control, "servfail", "no"));
        }
    out.histogram("resolver_recursion_seconds", "How long recursive replies took (extended-statistics).");
    for (const auto& [control, s] : read) {
        if (s.recursion.empty()) continue;
        std::uint64_t sum = 0;
        for (const auto& b : s.recursion) {
            sum += b.replies;
            out.sample(static_cast<double>(sum), labels_of(control, "le", le_text(b.up_to)), "_bucket");
        }
        out.sample(static_cast<double>(sum), labels_of(control, "le", "+Inf"), "_bucket");
        out.sample(s.recursion_average * static_cast<double>(sum), labels_of(control), "_sum");
        out.sample(static_cast<double>(sum), labels_of(control), "_count");
    }
    return readings;
}

}  // namespace saring::tool
