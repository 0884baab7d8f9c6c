#include <array>
#include <cmath>
#include <memory>
#include <thread>

#include "base/time_text.h"
#include "hits/time_expression.h"
#include "program/session.h"
#include "quality/quality_log.h"
#include "quality/quality_output.h"
#include "report/gather.h"

namespace saring::tool {
namespace {

struct QualityOptions {
    std::vector<std::string> control;
    unsigned seconds = 5, timeout = 3;
    std::string since, until, width;
    bool total = false, json = false;
};

std::string one_of(const Json& j, const char* name, double factor, const char* unit) {
    if (j[name].is_null()) return "-";
    std::array<char, 48> out{};
    std::snprintf(out.data(), out.size(), "%.1f%s", j[name].get<double>() * factor, unit);
    return out.data();
}

struct Measured {
    std::vector<Json> resolvers;  // with their errors
    std::vector<std::pair<std::string, ServiceQuality>> readings;
};

// Reads the statistics once (--total), or twice, `seconds` apart.
Measured measure(const QualityOptions& o, const std::vector<std::string>& controls) {
    std::vector<std::optional<ResolverStatistics>> before(controls.size());
    Measured out;
    if (!o.total) {
        for (std::size_t i = 0; i < controls.size(); ++i) try {
                before[i] = read_statistics(controls[i], o.timeout);
            } catch (const Error&) {  // reported below
            }
        std::this_thread::sleep_for(std::chrono::seconds(o.seconds));
    }
    for (std::size_t i = 0; i < controls.size(); ++i) try {
            auto quality = quality_between(before[i], read_statistics(controls[i], o.timeout));
            out.resolvers.push_back(quality_json(controls[i], quality));
            out.readings.emplace_back(controls[i], quality);
        } catch (const Error& e) {
            complain("blocklist-tool: " + translated(e.message()));
            out.resolvers.push_back(quality_error_json(controls[i], e.what()));
        }
    return out;
}

std::vector<std::string> row_of(const QualityOptions& o, const std::string& label, const Json& q) {
    return {label,
            o.total ? q["queries"].dump() : one_of(q, "queries_per_second", 1, "/s"),
            o.total ? q["answers"].dump() : one_of(q, "answers_per_second", 1, "/s"),
            one_of(q, "cache_share", 100, "%"),
            one_of(q, "recursion_median", 1000, " ms"),
            one_of(q, "recursion_p95", 1000, " ms"),
            one_of(q, "recursion_p99", 1000, " ms"),
            one_of(q, "servfail_share", 100, "%"),
            q["unanswered"].dump(),
            q["waiting"].dump()};
}

void print_qualities(const std::string& head, const std::vector<std::vector<std::string>>& rows) {
    if (rows.empty()) return;
    print_table({head, tr("QUERIES"), tr("ANSWERS"), tr("CACHE"), tr("MEDIAN"), tr("95%"), tr("99%"), tr("SERVFAIL"),
                 tr("UNANSWERED"), tr("WAITING")},
                rows);
}

// Readings that `metrics --output` kept, by bars of time.
void show_kept(Session& session, const QualityOptions& o) {
    const auto& config = session.config().quality;
    auto now = hitlog::now_microseconds();
    auto seconds = [&](const std::string& text, const char* option) {
        return hits::parse_moment(text, option, now).time / hitlog::second_us;
    };
    auto since = seconds(o.since, "--since"), until = o.until.empty() ? now_unix() + 1 : seconds(o.until, "--until");
    if (since >= until)
        throw Error(ErrorKind::usage, "--until", msg("\"%1\" is not after --since \"%2\"", o.until, o.since));
    auto width = o.width.empty() ? std::max<UnixTime>(report::bin_width(until - since), 60)
                                 : std::max<UnixTime>(hits::parse_span(o.width, "--width") / hitlog::second_us, 60);
    if (width % 3600 == 0) since -= since % 3600;
    auto marks = order_marks(Reading(session.database()).snapshot, since, until);
    auto bins = kept_quality(config, since, until, width, marks);
    if (bins.empty()) session.exit_code = 1;
    if (o.json)
        return print_json({{"since", format_rfc3339(since)},
                           {"until", format_rfc3339(until)},
                           {"width", width},
                           {"bins", quality_bins_json(bins)}});
    if (bins.empty())
        return print(
            config.control.empty() || config.path.empty()
                ? tr("nothing is kept: set quality.control and quality.path, and have saring-metrics.timer run")
                : tr("nothing was kept in this time in %1", shown(config.path)));
    std::vector<std::vector<std::string>> rows;
    for (const auto& b : bins) {
        auto region = b.region.empty() ? "" : " (" + shown(b.region) + ")";
        auto row = row_of(o, shown_time(b.begin), quality_json(b.resolver, b.quality));
        row.insert(row.begin() + 1, shown(b.resolver) + region);
        std::string orders;
        for (const auto& m : b.marks)
            orders += (orders.empty() ? "" : ", ") +
                      (m.begins ? tr("%1 begins", shown(m.order)) : tr("%1 ends", shown(m.order)));
        row.back() = orders;  // instead of those that wait now
        rows.push_back(std::move(row));
    }
    print_table({tr("FROM"), tr("RESOLVER"), tr("QUERIES"), tr("ANSWERS"), tr("CACHE"), tr("MEDIAN"), tr("95%"),
                 tr("99%"), tr("SERVFAIL"), tr("UNANSWERED"), tr("ORDERS")},
                rows);
}

void quality(Session& session, const QualityOptions& o) {
    if (!o.since.empty()) return show_kept(session, o);
    auto controls = o.control.empty() ? session.config().quality.control : o.control;
    if (controls.empty())
        throw Error(ErrorKind::usage, "quality", msg("there is no resolver to ask"),
                    msg("give --control /run/unbound.ctl, or set quality.control in saring.toml"));
    auto found = measure(o, controls);
    if (found.readings.size() < controls.size()) session.exit_code = static_cast<int>(ErrorKind::network);
    auto regions = quality_regions_json(found.readings);
    if (o.json) return print_json({{"resolvers", found.resolvers}, {"regions", regions}});
    std::vector<std::vector<std::string>> rows;
    bool plain = false;
    for (const auto& q : found.resolvers) {
        if (!q["error"].is_null()) continue;
        plain |= !q["extended"].get<bool>();
        auto region = q["region"].is_null() ? "" : " (" + shown(q["region"].get<std::string>()) + ")";
        rows.push_back(row_of(o, shown(q["resolver"].get<std::string>()) + region, q));
    }
    print_qualities(tr("RESOLVER"), rows);
    rows.clear();
    for (const auto& q : regions) rows.push_back(row_of(o, shown(q["region"].get<std::string>()), q));
    print_qualities(tr("REGION"), rows);
    if (plain)
        print(
            tr("without extended-statistics: yes in unbound.conf, Unbound counts neither SERVFAIL nor how long "
               "recursion takes"));
}

}  // namespace

void add_quality(CLI::App& app, Session& session) {
    auto o = std::make_shared<QualityOptions>();
    auto* c = add_command(app, "quality", tr("Show how resolvers perform, from Unbound's statistics"),
                          [o, &session] { quality(session, *o); });
    c->add_option(
         "--control", o->control,
         tr("Unbound's control socket, or ADDRESS:PORT with control-use-cert: no; REGION= before it says which region "
            "it serves (repeatable); default: quality.control"))
        ->type_name("WHERE");
    c->add_option("--seconds", o->seconds, tr("seconds to measure"))
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(1u, 3600u));
    c->add_option("--timeout", o->timeout, tr("seconds to wait for an answer"))
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(1u, 60u));
    auto* since = c->add_option("--since", o->since, tr("show what was kept from this time on, by bars of time"));
    since->type_name("TIME");
    c->add_option("--until", o->until, tr("before this time"))->type_name("TIME")->needs(since);
    c->add_option("--width", o->width, tr("width of the bars: 5m, 1h, 1d"))->type_name("SPAN")->needs(since);
    c->add_flag("--total", o->total, tr("totals since Unbound's statistics began, instead of a measurement"));
    c->add_flag("--json", o->json, tr("answer in JSON; times in seconds, shares of 1"));
    c->footer(tr(
        "Does not reset the statistics. Recursion times and SERVFAIL need extended-statistics: yes. UNANSWERED counts\n"
        "queries dropped because the request list was full. Exit code 6 if a resolver did not answer.\n"
        "--since shows what `metrics --output` kept in quality.path, with the orders that began and ended; exit code 1 "
        "if\n"
        "there is nothing.\n"
        "Example: blocklist-tool quality --control /run/unbound.ctl --seconds 10"));
}

}  // namespace saring::tool
