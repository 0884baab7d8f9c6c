#include <fstream>
#include <memory>

#include "migrate/comparison.h"
#include "output/output.h"
#include "program/session.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

struct MigrateOptions {
    std::string resolver, zone, origin = "rpz.", saring, draw = "both";
    std::vector<std::string> names, landings, regions;
    std::size_t sample = 200;
    std::optional<std::uint32_t> seed;
    unsigned rate = 50, timeout = 3;
    CompareOptions compare;
    bool rehearsed = false, quiet = false, json = false;
};

std::unique_ptr<rpz::PolicyZone> read_zone(const MigrateOptions& o, Progress& progress) {
    if (o.zone.empty()) return nullptr;
    std::ifstream in(o.zone, std::ios::binary);
    if (!in || in.peek() == std::ifstream::traits_type::eof())
        throw Error(ErrorKind::usage, o.zone, msg("cannot be read, or is empty"),
                    msg("check the path and its permissions"));
    progress.begin(msg("reading %1", o.zone), msg("bytes"), 0);
    auto file = rpz::read_policy_zone(in, o.origin, o.zone, progress);
    progress.end();
    if (file.unread)
        complain(tr("%1: %2 could not be read and are not compared (list import names them by line)", o.zone,
                    trn("%1 record", "%1 records", file.unread)));
    return std::make_unique<rpz::PolicyZone>(std::move(file.zone));
}

// The landing pages in saring.toml, and those given with --landing.
list::Landings landings_of(const config::Config* config, const std::vector<std::string>& more) {
    auto texts = more;
    if (config) {
        const auto& answer = config->answer;
        if (!answer.redirect_cname.empty()) texts.push_back(answer.redirect_cname);
        for (const auto& p : answer.redirect_a) texts.push_back(p.to_string());
    }
    return list::Landings(texts, "--landing");
}

Json side_json(const AnswerSource& side) { return {{"kind", side.kind()}, {"what", side.what()}}; }

Json seen_json(const ObservedAnswer& s) {
    return {{"verdict", to_string(s.verdict)},
            {"form", s.form.empty() ? Json(nullptr) : Json(s.form)},
            {"targets", s.targets},
            {"answer", s.said}};
}

Json findings_json(const std::vector<Finding>& findings) {
    Json out = Json::array();
    for (const auto& f : findings)
        out.push_back({{"name", f.asked.name.to_string()},
                       {"from", f.asked.from},
                       {"relation", f.asked.relation},
                       {"old", seen_json(f.before)},
                       {"saring", seen_json(f.after)},
                       {"reason", f.reason.code},
                       {"why", f.reason.text.english()}});
    return out;
}

void print_findings(const std::string& heading, const std::vector<Finding>& findings) {
    for (const auto& f : findings)
        print(tr("%1%2: old: %3; Saring: %4\n         %5: %6", heading, f.asked.name.to_string(), shown(f.before.said),
                 shown(f.after.said), f.reason.code, shown(translated(f.reason.text))));
}

void print_summary(const Comparison& c, const AnswerSource& old_side, const AnswerSource& saring, std::uint32_t seed) {
    print(tr("%1 and %2: %3 of %4 compared, %5 alike, %6 different, %7 undecided; seed %8", shown(old_side.in_words()),
             shown(saring.in_words()), c.asked(), trn("%1 name", "%1 names", c.names), c.same, c.differences.size(),
             c.undecided.size(), seed));
    std::string reasons;
    for (const auto& [code, n] : c.reasons) reasons += (reasons.empty() ? "" : ", ") + code + " " + std::to_string(n);
    if (!reasons.empty()) print(tr("reasons: %1", reasons));
    if (!c.complete()) print(tr("time ran out; give more with --time-limit, or compare fewer names with --sample"));
}

void check_migration(Session& session, const MigrateOptions& o) {
    if (o.resolver.empty() && o.zone.empty())
        throw Error(ErrorKind::usage, "migrate check", msg("nothing to compare with"),
                    msg("give the old resolver with --resolver, its policy zone with --zone, or both"));
    TerminalProgress progress(o.json || o.quiet);
    std::uint32_t seed = o.seed.value_or(std::random_device{}());
    Engine engine(seed);
    UnixTime now = now_unix();
    auto zone = read_zone(o, progress);

    // For two resolvers the database is optional: it adds reasons and names.
    std::unique_ptr<Reading> reading;
    std::unique_ptr<DatabaseSource> database;
    const config::Config* config = nullptr;
    try {
        config = &session.config();
        reading = std::make_unique<Reading>(session.database());
        database = std::make_unique<DatabaseSource>(reading->snapshot, *config, policy::Region{o.regions, false}, now,
                                                    o.rehearsed);
    } catch (const Error& e) {
        if (o.saring.empty()) throw;
        complain(tr("blocklist-tool: without Saring's database there are fewer reasons: %1", e.message()));
    }
    auto landings = landings_of(config, o.landings);

    std::unique_ptr<AnswerSource> old_side, asked;
    if (o.resolver.empty()) old_side = std::make_unique<PolicyZoneSource>(*zone, o.zone);
    else old_side = std::make_unique<ResolverSource>(o.resolver, "--resolver", o.timeout, o.rate, landings);
    if (!o.saring.empty())
        asked = std::make_unique<ResolverSource>(o.saring, "--saring", o.timeout, o.rate, landings,
                                                 config ? ProbeKey::read(config->module.status_file) : std::nullopt);
    AnswerSource& saring = asked ? *asked : *database;

    Names names(engine);
    for (const auto& file : o.names) names.add_file(file, progress);
    if (o.names.empty() && zone && o.draw != "database") names.add_sample(*zone, o.sample);
    if (o.names.empty() && database && o.draw != "zone") names.add_sample(database->snapshot(), now, o.sample);
    auto candidates = names.finish();
    if (candidates.empty())
        throw Error(ErrorKind::not_found, "migrate check",
                    msg("there is no name to compare: no file of names, no zone, and no order in force"),
                    msg("give --names, or --zone"));

    Reasons reasons(*old_side, saring, zone.get(), database.get());
    auto found = compare_sides(*old_side, saring, reasons, candidates, o.compare, progress);
    if (!found.agrees()) session.exit_code = exit_no;
    if (o.json)
        return print_json({{"format", "saring-migrate-check/1"},
                           {"old", side_json(*old_side)},
                           {"saring", side_json(saring)},
                           {"made", format_rfc3339(now)},
                           {"serial", database ? Json(database->snapshot().serial()) : Json(nullptr)},
                           {"seed", seed},
                           {"names", found.names},
                           {"asked", found.asked()},
                           {"complete", found.complete()},
                           {"agrees", found.agrees()},
                           {"same", found.same},
                           {"reasons", found.reasons.empty() ? Json::object() : Json(found.reasons)},
                           {"differences", findings_json(found.differences)},
                           {"undecided", findings_json(found.undecided)}});
    print_findings(tr("DIFFERS  "), found.differences);
    print_findings(tr("unclear  "), found.undecided);
    print_summary(found, *old_side, saring, seed);
}

}  // namespace

void add_migrate_commands(CLI::App& app, Session& session) {
    auto* migrate = app.add_subcommand("migrate", tr("Migrate from a response policy zone"));
    migrate->require_subcommand(1);
    migrate->fallthrough();
    auto o = std::make_shared<MigrateOptions>();
    auto* c = add_command(*migrate, "check", tr("Compare an RPZ resolver, or its zone, with Saring name by name"),
                          [o, &session] { check_migration(session, *o); });
    c->add_option("--resolver", o->resolver, tr("the old resolver, e.g. 192.0.2.53 or [2001:db8::53]:53"))
        ->type_name("ADDR[:PORT]");
    c->add_option("--zone", o->zone,
                  tr("file of the old policy zone: compared itself or, with --resolver, a source of names and reasons"))
        ->type_name("FILE");
    c->add_option("--origin", o->origin, tr("the zone's name, if the file does not contain it"))->type_name("NAME");
    c->add_option("--saring", o->saring, tr("a resolver with Saring; default: the database"))->type_name("ADDR[:PORT]");
    c->add_option("--names", o->names, tr("compare these names, one per line, instead of a sample (repeatable)"))
        ->type_name("FILE")
        ->allow_extra_args(false);
    c->add_option("--draw", o->draw,
                  tr("where the sample comes from: zone (misses what only Saring blocks), database, or both"))
        ->capture_default_str()
        ->type_name("SIDE")
        ->check(CLI::IsMember({"zone", "database", "both"}));
    c->add_option("--sample", o->sample, tr("sample size: names from the zone, and again from the database"))
        ->capture_default_str()
        ->type_name("N")
        ->check(CLI::Range(1u, 1000000u));
    c->add_option("--seed", o->seed, tr("random seed: the same seed picks the same names"))->type_name("N");
    c->add_option("--landing", o->landings,
                  tr("host or address to which the old resolver redirects blocked names (repeatable)"))
        ->type_name("HOST")
        ->allow_extra_args(false);
    c->add_option("--region", o->regions, tr("as a client in this region, e.g. ID-JK (repeatable)"))
        ->type_name("CODE")
        ->allow_extra_args(false);
    c->add_flag("--any-form", o->compare.any_form,
                tr("treat all blocks as equal: nxdomain, nodata, refused, redirect and drop"));
    c->add_flag("--rehearsed", o->rehearsed,
                tr("in the database, count as blocked what a rehearsal (action log) would block"));
    c->add_option("--rate", o->rate, tr("queries a second to each resolver"))
        ->capture_default_str()
        ->type_name("N")
        ->check(CLI::Range(1u, 10000u));
    c->add_option("--timeout", o->timeout, tr("seconds to wait for an answer"))
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(1u, 60u));
    c->add_option("--time-limit", o->compare.time_limit,
                  tr("seconds for the whole comparison; names not compared by then are left out"))
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(1u, 3600u));
    c->add_flag("--quiet", o->quiet, tr("no progress"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "Each name of a sample is compared with its neighbours: a name below, the parent, a sibling. Queries are of "
        "type A.\n"
        "Each difference is printed with its likely reason. The database answers for names, not for the aliases and\n"
        "addresses of an answer; a resolver with Saring (--saring) answers as for subscribers. Exit code 0 if nothing\n"
        "differs, 1 if something does or time ran out, 6 if a resolver does not answer.\n"
        "Example: blocklist-tool migrate check --zone rpz.zone\n"
        "Example: blocklist-tool migrate check --resolver 192.0.2.53 --saring 192.0.2.54 --zone rpz.zone"));
}

}  // namespace saring::tool
