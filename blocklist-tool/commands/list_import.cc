#include <memory>

#include "admission/admit_list.h"
#include "base/sha256.h"
#include "base/time_text.h"
#include "input/list_input.h"
#include "list/expected_count.h"
#include "output/difference_output.h"
#include "output/output.h"
#include "output/quarantine_output.h"
#include "program/session.h"
#include "text/shown_text.h"

namespace saring::tool {
namespace {

struct ListImportOptions : ListInput {
    std::string source, authority = "legacy list", category, action, expires, count;
    bool allow_large = false, dry_run = false, json = false;
};

void check_source(const std::string& source) {
    if (source.empty() || source.size() > 64 ||
        source.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
            std::string::npos)
        throw Error(ErrorKind::usage, "--source", msg("\"%1\" is no source name", source),
                    msg("use up to 64 letters, digits, '.', '_' and '-'"));
}

Json landings_json(const rpz::RpzContent& content) {
    Json out = Json::array();
    for (const auto& l : content.landings) out.push_back({{"host", l.host}, {"records", l.records}});
    return out;
}

void import(Session& session, const ListImportOptions& o) {
    check_source(o.source);
    if (!o.sha256.empty() && !is_sha256_hex(o.sha256))
        throw Error(ErrorKind::usage, "--sha256", msg("\"%1\" is not a SHA-256", o.sha256),
                    msg("write its 64 lower-case hex digits, as sha256sum prints them"));
    UnixTime now = now_unix();
    std::int64_t lifetime = session.config().list_lifetime_days * day_seconds;
    ledger::ListInfo info;
    info.source = o.source;
    info.authority = require_showable(o.authority, "--authority", 200);
    if (!o.category.empty()) info.category = require_showable(o.category, "--category", 100);
    if (!o.action.empty()) info.action = policy::parse_action(o.action, "--action");
    info.expires = o.expires.empty() ? now + lifetime : parse_time(o.expires, "--expires", now, TimeDirection::future);
    info.renew_below = o.expires.empty() ? lifetime / 2 : 0;
    if (info.expires <= now)
        throw Error(ErrorKind::refused, "--expires", msg("%1 has passed", o.expires), msg("give a time to come"));

    auto content = read_and_report(o);
    auto& list = content.list;
    if (!o.count.empty()) list::ExpectedCount::require(o.count, list.size(), "--expect-count", o.file);
    std::string edition = content.serial ? ", SOA serial " + std::to_string(*content.serial) : "";
    auto commit = session.commit_info("list import", o.file + edition, now_unix());
    auto db = session.database_to_write(o.dry_run);
    admission::ListAdmission admitted;
    std::uint64_t serial = 0;
    {
        ledger::Writer writer(db);
        admitted = admission::admit_list(session.config(), writer, info, list, o.allow_large, commit.time);
        serial = admitted.whole || o.dry_run ? writer.serial() : writer.commit(commit);
    }
    if (admitted.whole) {
        if (o.dry_run) {
            for (const auto& line : edition_lines(admitted.whole->edition.change)) print(line);
        } else {
            ledger::Writer writer(db);
            hold_list_change(writer, *admitted.whole, commit);
        }
        throw *admitted.whole;
    }
    complain_of_held("list:" + o.source, admitted.held);
    const auto& outcome = admitted.outcome;
    if (outcome.names + outcome.addresses == 0 && !admitted.held.empty())
        session.exit_code = static_cast<int>(ErrorKind::refused);
    if (o.json) {
        return print_json({{"order", "list:" + o.source},
                           {"format", to_string(list.format)},
                           {"format_lines", list.fit.lines},
                           {"format_fits", list.fit.fitting},
                           {"names", outcome.names},
                           {"added", outcome.added},
                           {"removed", outcome.removed},
                           {"altered", outcome.altered},
                           {"addresses", outcome.addresses},
                           {"addresses_added", outcome.addresses_added},
                           {"addresses_removed", outcome.addresses_removed},
                           {"bad", lines_json(list.bad)},
                           {"bad_count", list.bad_count},
                           {"skipped", lines_json(list.skipped)},
                           {"skipped_count", list.skipped_count},
                           {"bad_reasons", reasons_json(list.bad_reasons)},
                           {"skipped_reasons", reasons_json(list.skipped_reasons)},
                           {"passed_but_blocked", content.passed_but_covered},
                           {"landings", landings_json(content)},
                           {"zone_serial", content.serial ? Json(*content.serial) : Json(nullptr)},
                           {"quarantined", admitted.held.size()},
                           {"held", held_json(admitted.held)},
                           {"dry_run", o.dry_run},
                           {"serial", serial}});
    }
    std::string left_out =
        (list.bad_count ? trn(", %1 bad line left out", ", %1 bad lines left out", list.bad_count) : "") +
        (list.skipped_count ? trn(", %1 other not for a list", ", %1 others not for a list", list.skipped_count) : "") +
        (admitted.held.empty() ? ""
                               : tr(", %1 quarantined (see: blocklist-tool quarantine list)", admitted.held.size())) +
        edition;
    bool addresses = outcome.addresses || outcome.addresses_removed;
    std::string line = addresses ? tr("list:%1: %2 and %3, ", o.source, trn("%1 name", "%1 names", outcome.names),
                                      trn("%1 address", "%1 addresses", outcome.addresses))
                                 : tr("list:%1: %2, ", o.source, trn("%1 name", "%1 names", outcome.names));
    if (!outcome.changed()) return print(line + tr("nothing changed") + left_out);
    print(tr("%1%2 added, %3 removed%4%5", line, outcome.added + outcome.addresses_added,
             outcome.removed + outcome.addresses_removed, outcome.altered ? tr(", %1 altered", outcome.altered) : "",
             left_out) +
          (o.dry_run ? tr(" (dry run: nothing was written)")
                     : tr("; serial %1, until %2", serial, format_rfc3339(info.expires))));
}

}  // namespace

void add_list_commands(CLI::App& app, Session& session) {
    auto* list = app.add_subcommand("list", tr("Legacy lists, each as one order"));
    list->require_subcommand(1);
    list->fallthrough();
    auto o = std::make_shared<ListImportOptions>();
    auto* c = add_command(*list, "import", tr("Make a list's names exactly those of a file"), [o, &session] {
        o->quiet |= o->json;
        import(session, *o);
    });
    c->add_option("--source", o->source, tr("the list's name; its order is list:NAME"))->required()->type_name("LIST");
    c->add_option(
         "--format", o->format,
         tr("hosts, domains, rpz (a zone file), adblock, dnsmasq, unbound, wildcards or auto (look at the whole file)"))
        ->capture_default_str();
    c->add_option("--match", o->match,
                  tr("how far a line reaches that names a site: subtree (all below it too) or exact"))
        ->capture_default_str()
        ->check(CLI::IsMember({"subtree", "exact"}));
    c->add_option("--landing", o->landings, tr("rpz: a host or address people are sent to as a block (repeatable)"))
        ->type_name("HOST");
    c->add_option("--origin", o->origin, tr("rpz: the zone's name, where the file does not say it"))->type_name("NAME");
    c->add_option("--authority", o->authority, tr("who answers for the list"))->capture_default_str();
    c->add_option("--category", o->category, tr("e.g. election-hoax"));
    c->add_option("--action", o->action, tr("as in an order; default: the ISP's"))->type_name("ACTION");
    c->add_option("--expires", o->expires, tr("when it ends unless imported again; default: now + list.lifetime_days"))
        ->type_name("TIME");
    c->add_option("file", o->file, tr("the list; - is standard input"))->required()->type_name("FILE");
    c->add_option("--sha256", o->sha256, tr("the file's SHA-256; another file is refused"))->type_name("HEX");
    c->add_option("--expect-count", o->count,
                  tr("how many names and addresses the list has, e.g. 900 or 90000-110000; another number is refused"))
        ->type_name("COUNT");
    c->add_flag("--dry-run", o->dry_run, tr("do all but write"));
    c->add_flag("--allow-large", o->allow_large,
                tr("accept a change beyond safety.max_list_change_names and _percent"));
    c->add_flag("--quiet", o->quiet, tr("no progress"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("Bad lines are reported with their number and left out; the rest is imported. A list whose lines\n"
           "mostly fit no format is refused whole. Names that are no longer in the file are unblocked. What a\n"
           "safety rule holds back goes into quarantine. Of an RPZ zone the names that it makes not exist\n"
           "(CNAME . or *. or rpz-drop., or a --landing) are taken: \"name\" that name alone, \"*.name\" the\n"
           "names below it, both together the subtree; everything else is reported and left out.\n"
           "Example: blocklist-tool list import --source trustpositif --format domains domains.txt\n"
           "Example: blocklist-tool list import --source provider --format rpz --landing landing.example rpz.zone"));
    add_list_show(*list, session);
    add_list_remove(*list, session);
}

}  // namespace saring::tool
