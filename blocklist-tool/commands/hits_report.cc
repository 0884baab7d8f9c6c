#include <memory>

#include "base/output_file.h"
#include "base/sha256.h"
#include "base/time_text.h"
#include "hits/time_expression.h"
#include "hits_view/hits_query.h"
#include "input/secret_key.h"
#include "output/report_json.h"
#include "quality/quality_log.h"
#include "report/gather.h"
#include "report/page.h"
#include "report/public.h"
#include "trust/signature_files.h"

namespace saring::tool {
namespace {

struct HitsReportOptions {
    HitsQuery query;
    std::string html, language = "id", isp, zone, key, password_file;
    bool is_public = false, names = false, clients = false, json = false;
    std::uint64_t threshold = 10;
    std::size_t most = 50;
};

// Counts are kept by the hour, so a report is of whole hours. A span before now is rounded down to one; a time that was
// written out is not.
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

std::vector<std::string> zone_names() {
    std::vector<std::string> out;
    for (const auto& zone : zones()) out.emplace_back(zone.name);
    return out;
}

const Zone& zone_of(Session& session, const HitsReportOptions& o) {
    if (o.zone.empty()) return saring::zone_of(session.config().time_zone);
    const auto& zone = *find_zone(o.zone);
    // Times of the command line are read in it as well.
    show_times_in(zone.hours ? zone.name + std::string("-") + std::to_string(zone.hours) : "UTC", "--time-zone");
    return zone;
}

report::ReportRequest request_of(Session& session, const HitsReportOptions& o, const Zone& zone,
                                 hitlog::Microseconds now) {
    report::ReportRequest r;
    r.now = now / hitlog::second_us;
    r.utc_offset = UnixTime{zone.hours} * 3600;
    const auto& since = o.query.since;
    const auto& until = o.query.until;
    // Seven full days and today, including the running hour. A public report leaves it out: its figure is small, and
    // larger ones would be withheld to hide it.
    auto local_day = (r.now + r.utc_offset) / day_seconds * day_seconds - r.utc_offset;
    r.since = since.empty() ? local_day - 7 * day_seconds : whole_hour(since, "--since", now);
    auto this_hour = (now - now % hitlog::hour_us) / hitlog::second_us;
    r.until =
        until.empty() || until == "now" ? this_hour + (o.is_public ? 0 : 3600) : whole_hour(until, "--until", now);
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
    auto query = o.query.without_times();
    r.filter = query.filter(session, now);
    for (auto [name, text] : query.fields())
        if (!text->empty()) r.filter_shown.emplace_back(name, *text);
    return r;
}

void check_options(const HitsReportOptions& o) {
    if (o.html.empty() && !o.json)
        throw Error(ErrorKind::usage, "hits report", msg("nothing says in which form"),
                    msg("give --html FILE, --json, or both"));
    if (o.html == "-" && o.json)
        throw Error(ErrorKind::usage, "--html", msg("- and --json both ask for standard output"),
                    msg("give --html a file"));
    if (!o.key.empty() && (o.html.empty() || o.html == "-"))
        throw Error(ErrorKind::usage, "--secret-key", msg("signs the file of --html"), msg("give --html a file"));
    if (o.is_public && o.clients)
        throw Error(ErrorKind::refused, "--clients", msg("a public report never holds clients"),
                    msg("leave out --clients or --public"));
    if (o.is_public && !o.query.without_times().empty())
        throw Error(ErrorKind::refused, "--public",
                    msg("a public report is of all hits: reports of parts of them, "
                        "compared, give small figures away"),
                    msg("leave out the filters or --public"));
    if (o.names && !o.is_public)
        throw Error(ErrorKind::usage, "--names", msg("goes with --public"),
                    msg("a report that is not public shows names anyhow"));
}

// Beside the report, as `order sign` lays them beside an order; minisign checks it.
std::string sign(const HitsReportOptions& o, const trust::minisign::SecretKey& key, ByteView page,
                 const report::ReportFigures& f) {
    auto signature =
        key.sign(page, "hits report, " + format_rfc3339(f.since) + " to " + format_rfc3339(f.until) + ", serial " +
                           std::to_string(f.serial) + ", signed " + format_rfc3339(now_unix()));
    auto path = trust::signature_path(o.html, signature.id);
    replace_output(path, signature.format(), trust::minisign::Signature::is_one);
    return path;
}

void add_quality(report::ReportFigures& f, const std::vector<QualityBin>& bins) {
    f.watches_quality = true;
    for (const auto& b : bins) {
        const auto& q = b.quality;
        report::ReportQuality row{b.begin,
                                  b.resolver + (b.region.empty() ? "" : " (" + b.region + ")"),
                                  q.per_second(q.queries),
                                  q.per_second(q.answers),
                                  q.cache_share,
                                  q.servfail_share,
                                  q.median,
                                  q.p95,
                                  q.p99,
                                  q.unanswered,
                                  {}};
        for (const auto& m : b.marks) row.orders.emplace_back(m.order, m.begins);
        f.quality.push_back(std::move(row));
    }
}

void make_report(Session& session, const HitsReportOptions& o) {
    check_options(o);
    const auto& zone = zone_of(session, o);
    report::Words words(o.language, zone);
    auto request = request_of(session, o, zone, hitlog::now_microseconds());
    std::optional<trust::minisign::SecretKey> key;
    if (!o.key.empty()) key = read_secret_key(o.key, o.password_file);
    auto hits = read_hits(session);
    Reading reading(session.database());
    auto figures = report::gather_figures(hits, reading.snapshot, session.config(), request);
    if (o.is_public)
        figures =
            report::public_figures(std::move(figures), o.threshold, o.names,
                                   o.names ? report::gather_names(hits, request) : std::vector<report::ReportName>{});
    std::vector<QualityBin> quality;
    const auto& watched = session.config().quality;
    if (!o.is_public && !watched.control.empty()) {
        quality = kept_quality(watched, figures.since, figures.until, figures.bin_seconds,
                               order_marks(reading.snapshot, figures.since, figures.until));
        add_quality(figures, quality);
    }
    if (!o.html.empty()) {
        auto page = report_page(figures, words, o.most);
        OutputFile file(output_path(o.html, [](ByteView head) { return head.starts_with("<!DOCTYPE html>"); }));
        file.write(page);
        // First, as of receipts: a reader in between sees an old page with a new signature, and refuses it.
        auto signature = key ? sign(o, *key, page, figures) : std::string();
        file.commit();
        if (!o.json && o.html != "-") {
            print(tr("%1: %2 from %3 to %4, %5", shown(o.html), o.is_public ? tr("public report") : tr("report"),
                     shown_time(figures.since), shown_time(figures.until), trn("%1 byte", "%1 bytes", file.bytes())));
            print(tr("SHA-256 %1", sha256_hex(page)));
            if (key) print(tr("signed: %1", shown(signature)));
        }
    }
    if (o.json) {
        auto j = report_json(figures);
        if (!o.is_public) j["quality"] = figures.watches_quality ? quality_bins_json(quality) : Json(nullptr);
        print_json(j);
    }
    if (figures.total.all() == 0 && !o.is_public)
        for (const auto& why : why_none(session, o.query, hits)) complain(tr("note: %1", translated(why)));
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
    auto* is_public =
        c->add_flag("--public", o->is_public, tr("a transparency report: aggregates only, small figures suppressed"));
    c->add_option("--threshold", o->threshold, tr("of a public report: figures below it are not told"))
        ->needs(is_public)
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
    c->add_option("--time-zone", o->zone,
                  tr("of the report's times and days: WIB, WITA, WIT or UTC; default: display.time_zone"))
        ->check(CLI::IsMember(zone_names()));
    c->add_option("--secret-key", o->key,
                  tr("sign the page with this key, as minisign or `key generate` makes it: FILE.<key id>.minisig"))
        ->type_name("FILE");
    c->add_option("--password-file", o->password_file, tr("read the key's password from this file's first line"))
        ->type_name("FILE");
    o->query.add_to(*c);
    c->get_option("--since")->description(tr("from this full hour on; else seven full days and today"));
    c->get_option("--until")->description(tr("before this full hour; else now, of a public report the last full hour"));
    c->add_option("-n,--limit,--most", o->most, tr("orders with their texts, names, clients: the first so many"))
        ->check(CLI::Range(std::size_t{1}, std::size_t{100000}))
        ->capture_default_str()
        ->type_name("COUNT");
    c->footer(
        tr("The page asks no server for anything, runs no script, prints on A4. A public report names no resolver and\n"
           "no subscriber; figures below --threshold, none included, read \"< 10\", and others are withheld where\n"
           "a small one could be computed from them. All filters given must hold. The page's SHA-256 is printed;\n"
           "`minisign -V` checks a signature. The page has the serial and hash of the blocklist's journal, which\n"
           "`db history` shows.\n"
           "%1Examples: blocklist-tool hits report --html report.html --language en --since 2024-02-01 --until "
           "2024-03-01\n"
           "          blocklist-tool hits report --html report.html --order B-1/2024 --time-zone WIB --secret-key "
           "isp.key\n"
           "          blocklist-tool hits report --public --html transparansi.html --isp 'ISP Uji' --since 4w",
           tr(times_help)));
}

}  // namespace saring::tool
