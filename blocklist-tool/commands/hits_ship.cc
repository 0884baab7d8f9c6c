#include <unistd.h>

#include "base/process_lock.h"
#include "output/output.h"
#include "program/session.h"
#include "ship/clickhouse_destination.h"
#include "ship/clickhouse_schema.h"
#include "ship/dnstap_destination.h"
#include "ship/ndjson.h"
#include "ship/shipper.h"

namespace saring::tool {
namespace {

struct HitsShipOptions {
    std::string to, user, password_file, ca_file, consumer;
    std::optional<unsigned> batch;
    std::vector<std::string> after;
    bool once = false, follow = false, json = false;
    bool print_schema = false;
    ship::SchemaVariant variant;
};

bool is_stdout(const config::ShipConfig& ship) { return ship.url == "stdout" || ship.url == "-"; }

config::ShipConfig chosen_destination(const config::Config& config, const HitsShipOptions& o) {
    config::ShipConfig ship = config.ship;
    if (!o.to.empty() && o.to != ship.url) {
        // Another place: what was configured for the first says nothing of it.
        ship.url = o.to;
        ship.user.clear(), ship.password_file.clear(), ship.database.clear(), ship.consumer.clear();
    }
    if (!o.user.empty()) ship.user = o.user;
    if (!o.password_file.empty()) ship.password_file = o.password_file;
    if (!o.ca_file.empty()) ship.ca_file = o.ca_file;
    if (!o.consumer.empty()) ship.consumer = o.consumer;
    if (o.batch) ship.batch = *o.batch;
    if (ship.consumer.empty())
        ship.consumer = is_stdout(ship) ? "stdout" : ship::is_dnstap_url(ship.url) ? "dnstap" : "clickhouse";
    if (!config::is_consumer_name(ship.consumer))
        throw Error(ErrorKind::usage, "--consumer", msg("is \"%1\"", ship.consumer),
                    msg("write at most 64 letters, digits and . _ -"));
    return ship;
}

void print_schema(const config::ShipConfig& ship, const ship::SchemaVariant& variant) {
    std::string database = config::ShipConfig::default_database;
    if (!ship.url.empty() && !is_stdout(ship) && !ship::is_dnstap_url(ship.url))
        database = ship::parse_ship_url(ship).database;
    for (const auto& statement : schema_statements(database, variant)) print(statement + ";\n");
}

Json totals_json(const config::ShipConfig& ship, const ship::ShipTotals& t) {
    return {{"consumer", ship.consumer}, {"hits", t.hits},         {"batches", t.batches},
            {"again", t.again},          {"missing", t.missing},   {"damaged", t.damaged},
            {"last_sequence", t.last},   {"failures", t.failures}, {"stopped", t.stopped}};
}

// "ID:SEQUENCE", once for each run; a sequence alone where there is but one.
std::optional<hits::Position> after_of(const std::vector<std::string>& given, const hits::HitsReader& reader) {
    if (given.empty()) return std::nullopt;
    hits::Position out;
    auto runs = reader.runs();
    for (const auto& text : given) {
        auto colon = text.find(':');
        std::string sequence = text.substr(colon == std::string::npos ? 0 : colon + 1);
        if (sequence.empty() || sequence.size() > 19 || sequence.find_first_not_of("0123456789") != std::string::npos)
            throw Error(ErrorKind::usage, "--after", msg("\"%1\" holds no sequence", text),
                        msg("write ID:SEQUENCE, e.g. 0123456789abcdef:7, or 0 for all"));
        auto n = std::stoull(sequence);
        if (colon == std::string::npos) {
            if (n > 0 && runs.size() > 1)
                throw Error(ErrorKind::usage, "--after",
                            msg("\"%1\" says of which database_id not, and there are %2", text, runs.size()),
                            msg("write ID:SEQUENCE, once for each that you have lines of"));
            for (const auto& run : runs) out[run.id] = n;
            continue;
        }
        auto run = std::find_if(runs.begin(), runs.end(),
                                [&](const hits::Run& r) { return hitlog::run_text(r.id) == text.substr(0, colon); });
        if (run != runs.end()) {
            out[run->id] = n;
            continue;
        }
        std::string known;
        for (const auto& r : runs) known += (known.empty() ? "" : ", ") + hitlog::run_text(r.id);
        auto id = text.substr(0, colon);
        if (id.size() != 16 || id.find_first_not_of("0123456789abcdef") != std::string::npos)
            throw Error(ErrorKind::usage, "--after", msg("\"%1\" is not a database_id; there are: %2", id, known),
                        msg("write ID:SEQUENCE, e.g. 0123456789abcdef:7"));
        complain(tr("note: %1", tr("no hits of database_id %1 are there (any more); there are: %2", id, known)));
    }
    return out;
}

void ship(Session& session, const HitsShipOptions& o) {
    const config::Config& config = session.config();
    config::ShipConfig ship = chosen_destination(config, o);
    if (o.print_schema) return print_schema(ship, o.variant);
    if (ship.url.empty())
        throw Error(ErrorKind::usage, config.source, msg("does not say where hits go: ship.url is not set"),
                    msg("set it, or give --to URL or --to stdout"));
    if (!o.after.empty() && !is_stdout(ship))
        throw Error(ErrorKind::usage, "--after", msg("goes with --to stdout"),
                    msg("leave it out: a server is asked how far it has come"));

    ship::StopSignal stop;
    std::unique_ptr<ship::Destination> destination;
    if (is_stdout(ship)) destination = std::make_unique<ship::NdjsonDestination>(STDOUT_FILENO, stop);
    else if (ship::is_dnstap_url(ship.url)) destination = std::make_unique<ship::DnstapDestination>(ship.url, stop);
    else destination = std::make_unique<ship::ClickHouseDestination>(ship, stop);
    auto log = std::make_shared<hits::HitLog>(config.hits.path);
    auto after = after_of(o.after, hits::HitsReader(log));
    ProcessLock lock(config.hits.path + "/ship-" + ship.consumer + ".lock", "hits ship for consumer " + ship.consumer,
                     "of " + operator_name(), now_unix(), "run it as a user who may write hits.path");
    ship::Shipper shipper(
        log, ship, ship.consumer, *destination, stop,
        [](const std::string& notice) { complain(tr("hits ship: %1", shown(notice))); }, after);
    auto totals = shipper.run(o.follow);
    if (totals.damaged) session.exit_code = static_cast<int>(ErrorKind::database);
    // The records have standard output to themselves.
    auto say = [&](const std::string& line) { is_stdout(ship) ? complain(line) : print(line); };
    if (o.json) return say(totals_json(ship, totals).dump());
    say(tr("%1 shipped%2%3, up to sequence %4%5", trn("%1 hit", "%1 hits", totals.hits),
           totals.again ? tr(", %1 of them again", totals.again) : "",
           totals.missing ? tr(", %1 were no longer there", totals.missing) : "", totals.last,
           totals.stopped ? tr("; stopped") : ""));
}

}  // namespace

void add_hits_ship(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsShipOptions>();
    auto* c = add_command(hits, "ship",
                          tr("Send hits on, each once: to a ClickHouse server, as JSON lines to a pipe, or as dnstap"),
                          [o, &session] { ship(session, *o); });
    c->add_option(
         "--to", o->to,
         tr("http(s)://[user@]host:port/database, stdout, dnstap+unix:SOCKET or dnstap+file:FILE; default: ship.url"))
        ->type_name("URL");
    auto* once = c->add_flag("--once", o->once, tr("end when all that is there has arrived (the default)"));
    c->add_flag("--follow", o->follow, tr("go on until SIGTERM; a server that is away is waited for"))->excludes(once);
    c->add_option("--user", o->user, tr("of the server; default: the URL's, ship.user"));
    c->add_option("--password-file", o->password_file, tr("its first line; default: ship.password_file"))
        ->type_name("FILE");
    c->add_option("--ca-file", o->ca_file, tr("certificate authorities, PEM; default: ship.ca_file"))
        ->type_name("FILE");
    c->add_option("--consumer", o->consumer,
                  tr("under which progress is kept; default: ship.consumer, else clickhouse, stdout or dnstap"))
        ->type_name("NAME");
    c->add_option("--batch", o->batch, tr("hits at once, 1 to 500000; default: ship.batch"))
        ->check(CLI::Range(1u, 500000u));
    auto* after = c->add_option("--after", o->after,
                                tr("stdout: what follows this sequence of a database_id, whatever was sent before; "
                                   "once for each, of one alone SEQUENCE will do"))
                      ->type_name("ID:SEQUENCE");
    c->add_flag("--json", o->json, tr("the summary in JSON, on one line"));
    auto* schema =
        c->add_flag("--print-schema", o->print_schema, tr("print the tables and views as SQL, and send nothing"))
            ->excludes(after);
    c->add_flag("--replicated", o->variant.replicated, tr("with --print-schema: for replicas"))->needs(schema);
    c->add_flag("--distributed", o->variant.distributed, tr("with --print-schema: for shards, and one table over them"))
        ->needs(schema);
    c->add_option("--cluster", o->variant.cluster,
                  tr("with --print-schema: as the servers' configuration names it; default: saring"))
        ->needs(schema)
        ->type_name("NAME");
    c->footer(
        tr("Killed at any moment, either side: started again it goes on, nothing lost and nothing doubled on the\n"
           "server (docs/hits-fleet.md). JSON lines bear database_id and sequence, by which a reader drops doubles.\n"
           "Example: blocklist-tool hits ship --to https://saring@clickhouse.example:8443/saring --password-file "
           "/etc/saring/ship.password"));
}

}  // namespace saring::tool
