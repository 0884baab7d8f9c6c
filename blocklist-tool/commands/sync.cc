#include <algorithm>
#include <memory>

#include "feed/sync.h"
#include "feed/sync_lock.h"
#include "output/difference_output.h"
#include "output/lift_output.h"
#include "output/output.h"
#include "output/quarantine_output.h"
#include "program/publishing.h"
#include "program/session.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

using Outcome = feed::SyncItem::Outcome;

struct SyncOptions {
    std::vector<std::string> names;
    bool dry_run = false, full = false, json = false, quiet = false;
};

std::vector<config::FeedConfig> chosen(const config::Config& config, const std::vector<std::string>& names) {
    if (config.feeds.empty())
        throw Error(ErrorKind::usage, config.source, msg("configures no feed"),
                    msg("add a [[feed]] with name and url"));
    if (names.empty()) return config.feeds;
    std::vector<config::FeedConfig> out;
    for (const auto& name : names) {
        std::string known;
        bool found = false;
        for (const auto& feed : config.feeds) {
            if (feed.name == name) {
                bool is_new = std::none_of(out.begin(), out.end(), [&](const auto& f) { return f.name == name; });
                if (is_new) out.push_back(feed);
                found = true;
            }
            known += (known.empty() ? "" : ", ") + feed.name;
        }
        if (!found)
            throw Error(ErrorKind::usage, "--feed", msg("\"%1\" is not configured", name),
                        msg("the configured feeds are: %1", known));
    }
    return out;
}

Json time_or_null(UnixTime t) { return t == 0 ? Json(nullptr) : Json(format_rfc3339(t)); }

std::size_t held_count(const feed::SyncReport& r) {
    std::size_t n = 0;
    for (const auto& i : r.items) n += i.held.size();
    return n;
}

Json report_json(const feed::SyncReport& r) {
    Json j{{"feed", r.feed},
           {"url", r.url},
           {"kind", r.kind},
           {"ok", r.exit_code() == 0},
           {"exit_code", r.exit_code()},
           {"dry_run", r.dry_run},
           {"unchanged", r.unchanged},
           {"serial", r.state.serial},
           {"generated", time_or_null(r.state.generated)},
           {"valid_until", time_or_null(r.state.valid_until)},
           {"database_serial", r.serial},
           {"bytes", r.bytes},
           {"names_added", r.names_added},
           {"names_removed", r.names_removed},
           {"addresses_added", r.addresses_added},
           {"addresses_removed", r.addresses_removed},
           {"held_change", r.held_change ? edition_json(*r.held_change) : Json(nullptr)}};
    for (auto outcome : {Outcome::applied, Outcome::already, Outcome::later, Outcome::refused, Outcome::unpublished})
        j[to_string(outcome)] = r.count(outcome);
    j["quarantined"] = held_count(r);
    j["failure"] = r.failure ? Json(r.failure->what()) : Json(nullptr);
    j["notes"] = Json::array();
    for (const auto& note : r.notes) j["notes"].push_back(note.english());
    j["orders"] = Json::array();
    for (const auto& i : r.items) {
        Json one{{"order", i.order},
                 {"outcome", to_string(i.outcome)},
                 {"path", i.place.empty() ? Json(nullptr) : Json(i.place)}};
        if (!i.why.empty()) one["why"] = i.why.english();
        one["quarantined"] = i.held.size();
        if (!i.held.empty()) one["held"] = held_json(i.held);
        if (!i.idle.empty()) one["idle_lifts"] = idle_lifts_json(i.idle);
        if (i.outcome == Outcome::refused) one["exit_code"] = static_cast<int>(i.kind);
        j["orders"].push_back(std::move(one));
    }
    return j;
}

void print_failure(const feed::SyncReport& r) {
    complain("blocklist-tool: " + translated(r.failure->message()));
    if (r.dry_run && r.held_change)
        for (const auto& line : edition_lines(*r.held_change)) print(line);
}

void print_report(const feed::SyncReport& r) {
    for (const auto& i : r.items) {
        complain_of_held("order " + i.order, i.held);
        complain_of_idle_lifts(i.order, i.idle);
        if (i.outcome == Outcome::refused) complain("blocklist-tool: " + tr("feed %1: %2", r.feed, i.why));
        if (i.outcome == Outcome::later || i.outcome == Outcome::unpublished)
            print(tr("feed %1: order %2 %3", r.feed, shown(i.order), shown(translated(i.why))));
    }
    for (const auto& note : r.notes) complain(tr("feed %1: %2", r.feed, note));
    if (r.failure) return print_failure(r);
    std::string line = tr("feed %1: ", r.feed) + (r.state.serial ? tr("serial %1, ", r.state.serial) : "");
    auto applied = r.count(Outcome::applied), refused = r.count(Outcome::refused);
    bool addresses = r.addresses_added || r.addresses_removed;
    if (applied == 0 && r.names_added == 0 && r.names_removed == 0 && !addresses) line += tr("nothing new");
    else
        line += trn("%1 order applied", "%1 orders applied", applied) +
                trn(", %1 name added, %2 removed", ", %1 names added, %2 removed", r.names_added, r.names_removed) +
                (addresses ? trn(", %1 address added, %2 removed", ", %1 addresses added, %2 removed",
                                 r.addresses_added, r.addresses_removed)
                           : "");
    if (refused) line += trn(", %1 order refused", ", %1 orders refused", refused);
    if (auto held = held_count(r))
        line += trn(", %1 target quarantined (see: blocklist-tool quarantine list)",
                    ", %1 targets quarantined (see: blocklist-tool quarantine list)", held);
    if (r.state.valid_until) line += tr(", valid until %1", format_rfc3339(r.state.valid_until));
    print(line + (r.dry_run ? tr(" (dry run: nothing was written)") : tr("; database serial %1", r.serial)));
}

void sync(Session& session, const SyncOptions& o) {
    const config::Config& config = session.config();
    auto feeds = chosen(config, o.names);
    feed::SyncLock lock(config.database.path, operator_name(), now_unix());
    if (o.dry_run) session.database();  // a dry run creates no database
    auto database = session.database_to_write(o.dry_run);
    TerminalProgress progress(o.json || o.quiet);
    // Reports an invalid URL of any feed before the first one is fetched.
    for (const auto& feed : feeds) feed::make_source({config, feed, database, now_unix(), progress});
    Json all = Json::array();
    for (const auto& feed : feeds) {
        auto report =
            feed::sync_feed({config, feed, database, now_unix(), progress, o.full}, operator_name(), o.dry_run);
        session.exit_code = feed::more_severe(session.exit_code, report.exit_code());
        if (o.json) {
            for (const auto& i : report.items) {
                complain_of_held("order " + i.order, i.held);
                complain_of_idle_lifts(i.order, i.idle);
            }
            for (const auto& i : report.items)
                if (i.outcome == Outcome::refused) complain("blocklist-tool: " + tr("feed %1: %2", report.feed, i.why));
            if (report.failure) complain("blocklist-tool: " + translated(report.failure->message()));
            all.push_back(report_json(report));
        } else {
            print_report(report);
        }
    }
    finish_publishing(session);  // before printing: the JSON contains the exit code
    if (o.json) print_json({{"exit_code", session.exit_code}, {"feeds", all}});
}

}  // namespace

void add_sync(CLI::App& app, Session& session) {
    auto o = std::make_shared<SyncOptions>();
    auto* c = add_command(app, "sync", tr("Synchronise the configured feeds: fetch, check and apply what is new"),
                          [o, &session] { sync(session, *o); });
    c->add_option("--feed", o->names, tr("only this feed (repeatable)"))->type_name("FEED");
    c->add_flag("--dry-run", o->dry_run, tr("do everything except write"));
    c->add_flag("--full", o->full, tr("fetch each feed completely: a zone by AXFR, a file even if it has not changed"));
    c->add_flag("--quiet", o->quiet, tr("no progress"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr(
        "Each feed is one transaction. If a feed fails, its last good state stays in force; if one order fails, that "
        "order\n"
        "alone is refused. An order that is no longer published stays until it expires or is revoked. Targets that a\n"
        "safety rule holds back go into quarantine. The exit code is that of the most severe event, in this order: 4 "
        "trust,\n"
        "5 database, 6 network, 2 a document, 3 an order that is refused or held whole, or another sync that is "
        "running.\n"
        "Example: blocklist-tool sync --feed ministry --dry-run"));
}

}  // namespace saring::tool
