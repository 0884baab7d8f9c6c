#include <memory>

#include "base/output_file.h"
#include "hits/time_expression.h"
#include "hits_view/hits_query.h"
#include "output/report_json.h"
#include "report/gather.h"
#include "report/page.h"
#include "report/public.h"

namespace saring::tool {
namespace {

struct HitsReportOptions {
    std::string html, since, until, language = "id", isp;
    bool is_public = false, names = false, clients = false, json = false;
    std::uint64_t threshold = 10;
    std::size_t most = 50;
};

// Counts are kept by the hour, so a report is of whole hours. A span before now goes down to one;
// a time that was written out is not bent.
UnixTime whole_hour(const std::string& text, const char* option, hitlog::Microseconds now) {
    auto m = hits::parse_moment(text, option, now);
    if (m.is_ago) m.time -= m.time % hitlog::hour_us;
    if (m.time < 0 || m.time % hitlog::hour_us != 0)
        throw Error(ErrorKind::usage, option,
                    msg("\"%1\" (%2) is no full hour since 1970, and hits are counted by the hour", text,
                        hitlog::format_microseconds(m.time)),
                    msg("give a full hour UTC, e.g. 2024-02-14T07:00, today, or a span such as 7d"));
    return m.time / hitlog::second_us;
}

report::ReportRequest request_of(const HitsReportOptions& o, hitlog::Microseconds now) {
    report::ReportRequest r;
    r.now = now / hitlog::second_us;
    // Seven full days and today; the hour that runs counts as far as it has come.
    r.since = o.since.empty() ? (now - now % hitlog::day_us - 7 * hitlog::day_us) / hitlog::second_us
                              : whole_hour(o.since, "--since", now);
    r.until = o.until.empty() || o.until == "now" ? (now - now % hitlog::hour_us + hitlog::hour_us) / hitlog::second_us
                                                  : whole_hour(o.until, "--until", now);
    if (r.since >= r.until)
        throw Error(ErrorKind::usage, "--until",
                    msg("(%1) is not after --since (%2)", format_rfc3339(r.until), format_rfc3339(r.since)),
                    msg("--until is the end of the time, without the moment itself"));
    if (r.since >= r.now)
        throw Error(ErrorKind::usage, "--since", msg("(%1) lies ahead", format_rfc3339(r.since)),
                    msg("there are no hits to report yet"));
    r.isp = o.isp;
    r.most = o.most;
    r.clients = o.clients;
    return r;
}

void make_report(Session& session, const HitsReportOptions& o) {
    if (o.html.empty() && !o.json)
        throw Error(ErrorKind::usage, "hits report", msg("nothing says in which form"),
                    msg("give --html FILE, --json, or both"));
    if (o.html == "-" && o.json)
        throw Error(ErrorKind::usage, "--html", msg("- and --json both ask for standard output"),
                    msg("give --html a file"));
    if (o.is_public && o.clients)
        throw Error(ErrorKind::refused, "--clients", msg("a public report never holds clients"),
                    msg("leave out --clients or --public"));
    if (o.names && !o.is_public)
        throw Error(ErrorKind::usage, "--names", msg("goes with --public"),
                    msg("a report that is not public shows names anyhow"));
    report::Words words(o.language);
    auto request = request_of(o, hitlog::now_microseconds());
    auto hits = read_hits(session);
    Reading reading(session.database());
    auto figures = report::gather_figures(hits, reading.snapshot, session.config(), request);
    if (o.is_public)
        figures =
            report::public_figures(std::move(figures), o.threshold, o.names,
                                   o.names ? report::gather_names(hits, request) : std::vector<report::ReportName>{});
    if (!o.html.empty()) {
        OutputFile file(o.html);
        file.write(report_page(figures, words, o.most));
        file.commit();
        if (!o.json && o.html != "-")
            print(tr("%1: %2 from %3 to %4, %5", shown(o.html), o.is_public ? tr("public report") : tr("report"),
                     format_rfc3339(figures.since), format_rfc3339(figures.until),
                     trn("%1 octet", "%1 octets", file.bytes())));
    }
    if (o.json) print_json(report_json(figures));
    report_damage(session, hits);
}

}  // namespace

void add_hits_report(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsReportOptions>();
    auto* c =
        add_command(hits, "report", tr("Write a report for people: what was refused, on whose order, when and where"),
                    [o, &session] { make_report(session, *o); });
    c->add_option("--html", o->html, tr("one page, complete in itself; - is standard output"))->type_name("FILE");
    c->add_flag("--json", o->json, tr("the same figures in JSON (saring-report/1)"));
    c->add_flag("--public", o->is_public, tr("a transparency report: aggregates only, small figures suppressed"));
    c->add_option("--threshold", o->threshold, tr("of a public report: figures below it are not told"))
        ->check(CLI::Range(std::uint64_t{2}, std::uint64_t{1000000}))
        ->capture_default_str()
        ->type_name("COUNT");
    c->add_flag("--names", o->names,
                tr("in a public report: also the listed names, as far as their figures may be told"));
    c->add_flag("--clients", o->clients, tr("also clients, as stored; concerns persons"));
    c->add_option("--language", o->language, tr("of the page: id or en"))
        ->check(CLI::IsMember({"id", "en"}))
        ->capture_default_str();
    c->add_option("--isp", o->isp, tr("who reports, for the heading"))->type_name("NAME");
    c->add_option("--since", o->since, tr("from this full hour on; else seven full days and today"))->type_name("TIME");
    c->add_option("--until", o->until, tr("before this full hour; else now"))->type_name("TIME");
    c->add_option("--most", o->most, tr("orders with their texts, names, clients: the first so many"))
        ->check(CLI::Range(std::size_t{1}, std::size_t{100000}))
        ->capture_default_str()
        ->type_name("COUNT");
    c->footer(
        tr("The page asks no server for anything, runs no script, prints on A4. A public report names no resolver and\n"
           "no subscriber; figures below --threshold, none included, read \"< 10\", and others are withheld where\n"
           "a small one could be computed from them.\n"
           "%1Examples: blocklist-tool hits report --html report.html --language en --since 2024-02-01 --until "
           "2024-03-01\n"
           "          blocklist-tool hits report --public --html transparansi.html --isp 'ISP Uji' --since 4w",
           tr(times_help)));
}

}  // namespace saring::tool
