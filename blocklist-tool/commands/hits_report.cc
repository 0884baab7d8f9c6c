#include <memory>

#include "base/output_file.h"
#include "hits/moment.h"
#include "hits_query.h"
#include "report/gather.h"
#include "report/page.h"
#include "report/public.h"
#include "report_json.h"

namespace saring::tool {
namespace {

constexpr Microseconds hour_us = 3600 * second_us, day_us = 24 * hour_us;

struct Options {
    std::string html, since, until, language = "id", isp;
    bool is_public = false, names = false, clients = false, json = false;
    std::uint64_t threshold = 10;
    std::size_t most = 50;
};

// Counts are kept by the hour, so a report is of whole hours. A span before now goes down to one;
// a time that was written out is not bent.
UnixTime whole_hour(const std::string& text, const char* option, Microseconds now) {
    auto m = parse_moment(text, option, now);
    if (m.is_ago) m.time -= m.time % hour_us;
    if (m.time < 0 || m.time % hour_us != 0)
        throw Error(ErrorKind::usage, option, "\"" + text + "\" (" + format_microseconds(m.time) + ") is no full hour since 1970, and hits are counted by the hour",
                    "give a full hour UTC, e.g. 2024-02-14T07:00, today, or a span such as 7d");
    return m.time / second_us;
}

ReportRequest request_of(const Options& o, Microseconds now) {
    ReportRequest r;
    r.now = now / second_us;
    // Seven full days and today; the hour that runs counts as far as it has come.
    r.since = o.since.empty() ? (now - now % day_us - 7 * day_us) / second_us : whole_hour(o.since, "--since", now);
    r.until = o.until.empty() || o.until == "now" ? (now - now % hour_us + hour_us) / second_us : whole_hour(o.until, "--until", now);
    if (r.since >= r.until)
        throw Error(ErrorKind::usage, "--until", "(" + format_rfc3339(r.until) + ") is not after --since (" + format_rfc3339(r.since) + ")", "--until is the end of the time, without the moment itself");
    if (r.since >= r.now) throw Error(ErrorKind::usage, "--since", "(" + format_rfc3339(r.since) + ") lies ahead", "there are no hits to report yet");
    r.isp = o.isp;
    r.most = o.most;
    r.clients = o.clients;
    return r;
}

void make_report(Session& session, const Options& o) {
    if (o.html.empty() && !o.json) throw Error(ErrorKind::usage, "hits report", "nothing says in which form", "give --html FILE, --json, or both");
    if (o.html == "-" && o.json) throw Error(ErrorKind::usage, "--html", "- and --json both ask for standard output", "give --html a file");
    if (o.is_public && o.clients) throw Error(ErrorKind::refused, "--clients", "a public report never holds clients", "leave out --clients or --public");
    if (o.names && !o.is_public) throw Error(ErrorKind::usage, "--names", "goes with --public", "a report that is not public shows names anyhow");
    Words words(o.language);
    auto request = request_of(o, now_microseconds());
    HitsReader hits(open_hits(session));
    Reading reading(session.database());
    auto figures = gather_figures(hits, reading.snapshot, session.config(), request);
    if (o.is_public) figures = public_figures(std::move(figures), o.threshold, o.names, o.names ? gather_names(hits, request) : std::vector<ReportName>{});
    if (!o.html.empty()) {
        OutputFile file(o.html);
        file.write(report_page(figures, words, o.most));
        file.commit();
        if (!o.json && o.html != "-")
            print(shown(o.html) + ": " + (o.is_public ? "public report" : "report") + " from " + format_rfc3339(figures.since) + " to " + format_rfc3339(figures.until) + ", " + counted(file.bytes(), "octet"));
    }
    if (o.json) print_json(report_json(figures));
}

}  // namespace

void add_hits_report(CLI::App& hits, Session& session) {
    auto o = std::make_shared<Options>();
    auto* c = add_command(hits, "report", "Write a report for people: what was refused, on whose order, when and where", [o, &session] { make_report(session, *o); });
    c->add_option("--html", o->html, "one page, complete in itself; - is standard output")->type_name("FILE");
    c->add_flag("--json", o->json, "the same figures in JSON (saring-report/1)");
    c->add_flag("--public", o->is_public, "a transparency report: aggregates only, small figures suppressed");
    c->add_option("--threshold", o->threshold, "of a public report: figures below it are not told")->check(CLI::Range(std::uint64_t{2}, std::uint64_t{1000000}))->capture_default_str()->type_name("COUNT");
    c->add_flag("--names", o->names, "in a public report: also the listed names, as far as their figures may be told");
    c->add_flag("--clients", o->clients, "also clients, as stored; concerns persons");
    c->add_option("--language", o->language, "of the page: id or en")->check(CLI::IsMember({"id", "en"}))->capture_default_str();
    c->add_option("--isp", o->isp, "who reports, for the heading")->type_name("NAME");
    c->add_option("--since", o->since, "from this full hour on; else seven full days and today")->type_name("TIME");
    c->add_option("--until", o->until, "before this full hour; else now")->type_name("TIME");
    c->add_option("--most", o->most, "orders with their texts, names, clients: the first so many")->check(CLI::Range(std::size_t{1}, std::size_t{100000}))->capture_default_str()->type_name("COUNT");
    c->footer(std::string("The page asks no server for anything, runs no script, prints on A4. A public report names no resolver and\n"
                          "no subscriber; figures below --threshold, none included, read \"< 10\", and others are withheld where\n"
                          "a small one could be computed from them.\n") +
              times_help +
              "Examples: blocklist-tool hits report --html report.html --language en --since 2024-02-01 --until 2024-03-01\n"
              "          blocklist-tool hits report --public --html transparansi.html --isp 'ISP Uji' --since 4w");
}

}  // namespace saring::tool
