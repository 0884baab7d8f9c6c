#include <memory>

#include "base/output_file.h"
#include "hostname/host_name.h"
#include "output/output.h"
#include "program/session.h"
#include "rpz/export.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

struct FeedExportOptions {
    std::string format = "rpz", origin, output, serial = "database";
    std::vector<std::string> orders, regions;
    bool local = false, skip_long = false, json = false, quiet = false;
};

std::uint32_t parse_serial(const std::string& text, UnixTime now) {
    if (text == "time") return static_cast<std::uint32_t>(now);
    bool digits = !text.empty() && text.size() <= 10 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || std::stoull(text) > 0xffffffffu)
        throw Error(ErrorKind::usage, "--serial", msg("\"%1\" is not an SOA serial", text),
                    msg("write database, time, or a number up to 4294967295"));
    return static_cast<std::uint32_t>(std::stoull(text));
}

std::string first_ids(const std::set<std::string>& ids) {
    std::string out;
    std::size_t n = 0;
    for (const auto& id : ids) {
        if (n++ == 5) return out + ", ...";
        out += (out.empty() ? "" : ", ") + id;
    }
    return out;
}

// Differences between what the zone blocks and what Saring blocks.
std::vector<std::string> notes(const rpz::RpzExported& z) {
    std::vector<std::string> out;
    auto left_out = [&](const std::set<std::string>& ids, const std::string& why) {
        if (!ids.empty())
            out.push_back(std::to_string(ids.size()) + " orders left out, " + why + ": " + first_ids(ids));
    };
    left_out(z.regional, "as they hold in some regions only (--region)");
    left_out(z.rehearsed, "as they only log");
    left_out(z.local, "as they are this ISP's own (--local)");
    if (z.refusals_as_nxdomain) out.push_back("a policy zone cannot refuse: action refused is written as NXDOMAIN");
    if (z.too_long) out.push_back(std::to_string(z.too_long) + " names do not fit below the origin and are left out");
    if (z.valid_until != policy::never)
        out.push_back("an order begins or ends at " + format_rfc3339(z.valid_until) + ": export again then");
    return out;
}

void export_zone(Session& session, const FeedExportOptions& o) {
    if (o.format != "rpz")
        throw Error(ErrorKind::usage, "--format", msg("\"%1\" is not known", o.format), msg("write rpz"));
    rpz::RpzExportOptions options;
    options.now = now_unix();
    options.origin = hostname::parse_name_input(o.origin);
    options.orders = {o.orders.begin(), o.orders.end()};
    options.regions = o.regions;
    options.local = o.local;
    if (o.serial != "database") options.serial = parse_serial(o.serial, options.now);
    if (options.origin.is_root())
        throw Error(ErrorKind::usage, "--origin", msg("\"%1\" is the root", o.origin),
                    msg("name a zone, e.g. rpz.isp.example"));
    if (o.json && o.output == "-")
        throw Error(ErrorKind::usage, "--json", msg("and the zone both go to standard output"),
                    msg("give a file with --output"));

    Reading reading(session.database());
    OutputFile file(output_path(o.output, [](ByteView head) { return head.find("\n$ORIGIN ") != ByteView::npos; }));
    TerminalProgress progress(o.json || o.quiet);
    auto zone = export_rpz(
        reading.snapshot, session.config(), options, [&](std::string_view text) { file.write(text); }, progress);
    if (zone.too_long && !o.skip_long)
        throw Error(ErrorKind::refused, "--origin",
                    msgn("%1 name does not fit below %2", "%1 names do not fit below %2", zone.too_long, o.origin),
                    msg("choose a shorter origin, or leave them out with --skip-long; no zone was written"));
    file.commit();
    for (const auto& note : notes(zone)) complain(tr("note: %1", note));
    if (o.json)
        return print_json(
            {{"origin", options.origin.to_string()},
             {"serial", zone.serial},
             {"records", zone.records},
             {"names", zone.names},
             {"addresses", zone.addresses},
             {"bytes", file.bytes()},
             {"orders", zone.used},
             {"regional", zone.regional},
             {"rehearsed", zone.rehearsed},
             {"local", zone.local},
             {"too_long", zone.too_long},
             {"valid_until",
              zone.valid_until == policy::never ? Json(nullptr) : Json(format_rfc3339(zone.valid_until))}});
    if (o.output != "-")
        print(tr("%1: zone %2, serial %3, %4 for %5 and %6 of %7", shown(o.output), options.origin.to_string(),
                 zone.serial, trn("%1 record", "%1 records", zone.records), trn("%1 name", "%1 names", zone.names),
                 trn("%1 address", "%1 addresses", zone.addresses), trn("%1 order", "%1 orders", zone.used.size())));
}

}  // namespace

void add_feed_export(CLI::App& feed, Session& session) {
    auto o = std::make_shared<FeedExportOptions>();
    auto* c = add_command(feed, "export", tr("Export what is blocked now as an RPZ zone, for resolvers without Saring"),
                          [o, &session] { export_zone(session, *o); });
    c->add_option("--format", o->format, tr("rpz: a response policy zone"))->capture_default_str();
    c->add_option("--origin", o->origin, tr("the zone's name"))->required()->type_name("NAME");
    c->add_option("--output", o->output, tr("the zone file, replaced in one step; - is standard output"))
        ->required()
        ->type_name("FILE");
    c->add_option("--order", o->orders, tr("only this order (repeatable)"))->type_name("ID");
    c->add_option("--region", o->regions, tr("also orders for this region (repeatable)"))->type_name("CODE");
    c->add_flag("--local", o->local, tr("also this ISP's local entries"));
    c->add_flag("--skip-long", o->skip_long,
                tr("leave out names that do not fit below the origin; otherwise nothing is written"));
    c->add_option("--serial", o->serial, tr("SOA serial: database, time, or a number"))->capture_default_str();
    c->add_flag("--quiet", o->quiet, tr("no progress"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "The zone blocks exactly the names that Saring blocks now. A name with all names below it becomes \"name\" "
        "and\n"
        "\"*.name\"; where a longer name in the zone would stop that wildcard from matching, further records are "
        "added.\n"
        "The zone does not know when orders begin and end: the output says when to export again. With --serial time\n"
        "secondaries then transfer it although the database serial is the same.\n"
        "Example: blocklist-tool feed export --origin rpz.isp.example --output /var/cache/bind/rpz.zone"));
}

}  // namespace saring::tool
