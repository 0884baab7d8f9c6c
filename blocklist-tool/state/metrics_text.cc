#include "state/metrics_text.h"

#include <map>

#include "feed/check_time.h"
#include "hits/tally.h"
#include "hits_view/hits_query.h"
#include "ledger/journal.h"
#include "ledger/quarantine.h"
#include "output/exposition.h"
#include "output/output.h"
#include "policy/rehearsal.h"
#include "quality/quality_output.h"
#include "state/module_state.h"

namespace saring::tool {
namespace {

double number_of(const Json& j, const char* name) {
    auto at = j.find(name);
    return at != j.end() && at->is_number() ? at->get<double>() : 0;
}

void each_member(const Json& j, const char* name, const std::function<void(const std::string&, double)>& visit) {
    if (auto at = j.find(name); at != j.end() && at->is_object())
        for (const auto& [key, value] : at->items())
            if (value.is_number()) visit(key, value.get<double>());
}

// Several Unbounds may share one saring.toml; metrics without the label `process` are sums over all of them.
void process_metrics(Exposition& out, const Json& processes, const config::Config& config) {
    auto each = [&](double (*value)(const Json&, const config::Config&)) {
        for (const auto& p : processes) out.sample(value(p, config), {{"process", p["pid"].dump()}});
    };
    out.gauge("module_process_up", "1 while the process that loaded the module lives and writes its status.");
    each([](const Json& p, const config::Config&) {
        return p.value("state", "") == "ok" || p.value("state", "") == "stale" || p.value("state", "") == "failing"
                   ? 1.0
                   : 0.0;
    });
    out.gauge("module_process_serial", "Serial of the blocklist database that the process enforces.");
    each([](const Json& p, const config::Config&) { return number_of(p, "serial"); });
    out.gauge("module_process_configuration_current", "1 when the process runs saring.toml as it is now.");
    each([](const Json& p, const config::Config& c) {
        auto loaded = p.find("configuration");
        return loaded != p.end() && loaded->is_object() && loaded->value("sha256", "") == c.digest ? 1.0 : 0.0;
    });
}

void module_metrics(Exposition& out, const Json& m, const config::Config& config) {
    std::string state = m.value("state", "unknown");
    out.gauge("module_state",
              "1 for the state the Unbound module is in: ok, stale, failing, silent, stopped or unknown.");
    for (const char* s : {"ok", "stale", "failing", "silent", "stopped", "unknown"})
        out.sample(state == s, {{"state", s}});
    if (!m.contains("pid")) return;  // nothing was written yet
    out.gauge("module_serial", "Serial of the blocklist database that the module enforces.");
    out.sample(number_of(m, "serial"));
    out.gauge("module_status_age_seconds", "Seconds since the module wrote its status.");
    out.sample(number_of(m, "age"));
    process_metrics(out, m["processes"], config);
    out.counter("queries_total",
                "Queries of clients that reached the module, and those given a kept answer from cache.");
    out.sample(number_of(m, "queries"));
    out.counter("kept_answers_total",
                "Answers refused that Unbound gave from its cache (answer.keep); they are in blocked_total too.");
    out.sample(m.contains("kept") ? number_of(m["kept"], "answers") : 0);
    out.counter("blocked_total", "Answers refused, by policy action, since the module was loaded.");
    each_member(m, "blocked", [&](const std::string& action, double n) { out.sample(n, {{"action", action}}); });
    out.counter("triggers_total", "Answers refused, by what matched, since the module was loaded.");
    each_member(m, "triggers", [&](const std::string& trigger, double n) { out.sample(n, {{"trigger", trigger}}); });
    out.counter("passed_total", "Queries that a passthru order let through.");
    out.sample(number_of(m, "passed"));
    out.counter("rehearsed_total",
                "Queries that an order with action log would have refused, at least: those answered from cache, for "
                "answer.ttl seconds, are not seen.");
    out.sample(number_of(m, "rehearsed"));
    out.counter("probes_total", "Questions of doctor and selftest that met an order; they are no hits.");
    out.sample(number_of(m, "probes"));
    out.counter("unchecked_queries_total", "Queries that could not be checked because the database failed.");
    out.sample(number_of(m, "failed_queries"));
    out.counter("evicted_messages_total", "Messages taken out of Unbound's cache because an order lists them.");
    out.sample(number_of(m, "evicted"));
    out.counter("sweeps_total", "Walks through the message cache after commits.");
    out.sample(number_of(m, "sweeps"));
    out.gauge("sweep_seconds", "Duration of walks through the message cache.");
    out.sample(number_of(m, "last_sweep_us") / 1e6, {{"which", "last"}});
    out.sample(number_of(m, "longest_sweep_us") / 1e6, {{"which", "longest"}});
    auto hits = m.find("hits");
    if (hits == m.end() || !hits->is_object()) return;
    out.gauge("hits_failing", "1 while the module cannot record hits and only counts them.");
    out.sample(!hits->value("failing", "").empty());
    out.gauge("hits_waiting", "Hits in the module's memory, not yet written.");
    out.sample(number_of(*hits, "waiting"));
    out.counter("hits_lost_total", "Hits that could be neither written nor counted.");
    out.sample(number_of(*hits, "lost"));
}

void list_metrics(Exposition& out, const std::vector<policy::OrderRecord>& lists) {
    auto each = [&](auto value) {
        for (const auto& r : lists) out.sample(static_cast<double>(value(r)), {{"list", r.id}});
    };
    out.gauge("list_names", "Owner names of the list.");
    each([](const auto& r) { return r.names; });
    out.gauge("list_addresses", "Address prefixes of the list.");
    each([](const auto& r) { return r.addresses; });
    out.gauge("list_changed_timestamp_seconds", "When the list's content last changed.");
    each([](const auto& r) { return r.issued; });
    out.gauge("list_ends_timestamp_seconds", "When the list ends unless it is renewed.");
    each([](const auto& r) { return r.expires; });
}

// Authority by order id. Orders of hits may no longer be in the database.
using Authorities = std::map<std::string, std::string>;

Authorities database_metrics(Exposition& out, const ledger::Snapshot& s, const config::Config& config, UnixTime now) {
    Authorities authorities;
    std::map<std::string, double> states{{"active", 0}, {"upcoming", 0}, {"expired", 0}, {"revoked", 0}};
    double late = 0, rehearsed = 0;
    UnixTime next_end = policy::never;
    std::vector<policy::OrderRecord> lists;
    s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        ++states[to_string(r.state(now))];
        authorities[r.id] = r.authority;
        late += r.deadline != policy::never && !r.deadline_met();
        rehearsed += r.in_force(now) && is_rehearsal(r, config.answer.action);
        if (r.kind == policy::OrderKind::list && r.lifted > now) lists.push_back(r);
        if (r.in_force(now) && r.expires != policy::no_end) next_end = std::min(next_end, r.expires);
    });
    out.gauge("database_serial", "Serial of the last commit to the blocklist database.");
    out.sample(static_cast<double>(s.serial()));
    if (auto last = last_journal(s.transaction(), s.tables())) {
        out.gauge("database_last_commit_timestamp_seconds", "When the blocklist database was changed last.");
        out.sample(static_cast<double>(last->time));
    }
    out.gauge("listed_names", "Owner names that orders list.");
    out.sample(static_cast<double>(s.name_count()));
    out.gauge("listed_addresses", "Address prefixes that orders list.");
    out.sample(static_cast<double>(s.address_count()));
    out.gauge("orders", "Orders in the database, by state.");
    for (const auto& [state, n] : states) out.sample(n, {{"state", state}});
    out.gauge("orders_late", "Orders that were applied after their deadline.");
    out.sample(late);
    out.gauge("orders_rehearsed", "Orders in force that block nothing, for their action is log.");
    out.sample(rehearsed);
    if (next_end != policy::never) {
        out.gauge("next_expiry_timestamp_seconds", "When the next order in force ends by itself.");
        out.sample(static_cast<double>(next_end));
    }
    if (!lists.empty()) list_metrics(out, lists);
    out.gauge("quarantined_targets", "Targets that a safety rule holds back until a person decides.");
    out.sample(static_cast<double>(count_held(s.transaction(), s.tables(), now)));
    return authorities;
}

void feed_metrics(Exposition& out, const config::Config& config, const ledger::Snapshot& s) {
    std::map<std::string, ledger::FeedState> feeds;
    for (const auto& feed : config.feeds) feeds[feed.name];
    for (auto& [name, state] : feed::feed_states(config.database.path, s.transaction(), s.tables()))
        feeds[name] = state;
    if (feeds.empty()) return;
    struct Family {
        const char *name, *help;
        double (*value)(const ledger::FeedState&);
    };
    for (const Family& f : {
             Family{"feed_serial", "Serial of the feed's last good content.",
                    [](const ledger::FeedState& x) { return static_cast<double>(x.serial); }},
             Family{"feed_last_success_timestamp_seconds", "When the feed was synchronised last; 0: never.",
                    [](const ledger::FeedState& x) { return static_cast<double>(x.last_success); }},
             Family{"feed_valid_until_timestamp_seconds",
                    "Until when the feed's content says it is current; 0: it does not say.",
                    [](const ledger::FeedState& x) { return static_cast<double>(x.valid_until); }},
             Family{"feed_failures", "Failed synchronisations since the last success.",
                    [](const ledger::FeedState& x) { return static_cast<double>(x.failures); }},
             Family{"feed_orders_withheld", "Orders of the feed that were refused here.",
                    [](const ledger::FeedState& x) { return static_cast<double>(x.withheld); }},
         }) {
        out.gauge(f.name, f.help);
        for (const auto& [name, state] : feeds) out.sample(f.value(state), {{"feed", name}});
    }
}

void hits_metrics(Exposition& out, const hits::HitsReader& reader, const Authorities& authorities) {
    auto s = reader.summary();
    out.counter("hits_recorded_total", "Hits written, by the resolver that recorded them.");
    for (const auto& i : s.instances) out.sample(static_cast<double>(i.recorded), {{"instance_name", i.instance}});
    out.counter("hits_dropped_total", "Hits counted but not written, because a queue or the disk was full.");
    for (const auto& i : s.instances) out.sample(static_cast<double>(i.dropped), {{"instance_name", i.instance}});
    out.gauge("hits_kept", "Hits that can be looked at.");
    out.sample(static_cast<double>(s.kept));
    out.gauge("hits_bytes", "Bytes of the hit log.");
    out.sample(static_cast<double>(s.bytes));
    if (s.last_sequence > 0) {
        out.gauge("hits_oldest_timestamp_seconds", "Time of the oldest hit that is kept; 0: none.");
        out.sample(static_cast<double>(s.oldest) / 1e6);
    }
    std::map<std::pair<std::string, std::string>, double> by_authority;
    for (const auto& [key, n] : reader.totals().orders) {
        auto known = authorities.find(key.first);
        by_authority[{known == authorities.end() ? "unknown" : known->second, to_string(key.second)}] +=
            static_cast<double>(n);
    }
    out.counter("hits_total",
                "Refused queries by authority that ordered it and policy action; log: would have been refused, at "
                "least so many.");
    for (const auto& [key, n] : by_authority) out.sample(n, {{"authority", key.first}, {"action", key.second}});
}

// Metrics for the dashboard: few series, from the hourly counts, which are read fast.
void recent_metrics(Exposition& out, const hits::HitsReader& reader, UnixTime now) {
    hitlog::HitFilter recent;
    recent.since = (now - now % 3600 - 3600) * hitlog::second_us;
    auto family = [&](const char* name, const char* help, const char* label, hits::TallyBy by, std::size_t max_rows) {
        out.gauge(name, help);
        for (const auto& row : hits::tally(reader, by, recent, max_rows).rows)
            out.sample(static_cast<double>(row.count), {{label, row.key.empty() ? "unknown" : row.key}});
    };
    family("hits_recent_by_order", "Hits of this hour and the one before, of the 50 orders with most.", "order",
           hits::TallyBy::order, 50);
    family("hits_recent_by_name", "Hits of this hour and the one before, of the 20 listed names with most.", "name",
           hits::TallyBy::name, 20);
    family("hits_recent_by_region", "Hits of this hour and the one before, by region.", "region", hits::TallyBy::region,
           100);
}

}  // namespace

std::string metrics_text(Session& session, UnixTime now, std::vector<QualityReading>* readings) {
    const config::Config& config = session.config();
    Exposition out;
    out.gauge("build_info", "The version of blocklist-tool.");
    out.sample(1, {{"version", SARING_VERSION}});
    std::map<std::string, bool> failures{{"blocklist", false}, {"hits", false}};
    module_metrics(out, module_state(config, now), config);
    Authorities authorities;
    try {
        Reading reading(session.database());
        authorities = database_metrics(out, reading.snapshot, config, now);
        feed_metrics(out, config, reading.snapshot);
    } catch (const Error& e) {
        complain("blocklist-tool: " + translated(e.message()));
        failures["blocklist"] = true;
    }
    if (config.hits.path.empty()) {
        failures.erase("hits");
    } else {
        try {
            auto reader = read_hits(session);
            hits_metrics(out, reader, authorities);
            recent_metrics(out, reader, now);
            failures["hits"] = !reader.damage().empty();
        } catch (const hits::NoHitLog&) {  // no resolver has run yet
        } catch (const Error& e) {
            complain("blocklist-tool: " + translated(e.message()));
            failures["hits"] = true;
        }
    }
    auto read = quality_metrics(out, config);
    if (readings) *readings = std::move(read);
    out.gauge("database_failing", "1 when the database could not be read for these metrics.");
    for (const auto& [which, failing] : failures) out.sample(failing, {{"database", which}});
    return out.text();
}

}  // namespace saring::tool
