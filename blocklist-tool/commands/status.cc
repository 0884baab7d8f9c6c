#include <algorithm>
#include <memory>

#include "output.h"
#include "session.h"
#include "store/feed_state.h"
#include "store/journal.h"

namespace saring::tool {
namespace {

Json time_or_null(UnixTime t) { return t == 0 ? Json(nullptr) : Json(format_rfc3339(t)); }

// What every configured feed is at, and what was left of one that is configured no more.
Json feeds_json(const Config& config, const Snapshot& s, UnixTime now) {
    Json out = Json::array();
    auto states = read_feed_states(s.transaction(), s.tables());
    auto add = [&](const std::string& name, const std::string& url, bool configured, const FeedState& f) {
        bool failing = f.failures > 0;
        out.push_back({{"feed", name}, {"url", url}, {"configured", configured}, {"serial", f.serial}, {"orders", f.orders}, {"withheld", f.withheld},
                       {"generated", time_or_null(f.generated)}, {"valid_until", time_or_null(f.valid_until)},
                       {"stale", f.valid_until != 0 && now >= f.valid_until}, {"last_success", time_or_null(f.last_success)},
                       {"last_failure", time_or_null(f.last_failure)}, {"failures", f.failures},
                       {"failure", failing ? Json(f.failure) : Json(nullptr)}, {"failure_exit_code", failing ? Json(f.failure_code) : Json(nullptr)}});
    };
    for (const auto& feed : config.feeds) {
        auto known = std::find_if(states.begin(), states.end(), [&](const auto& state) { return state.first == feed.name; });
        add(feed.name, feed.url, true, known == states.end() ? FeedState{} : known->second);
    }
    for (const auto& [name, state] : states)
        if (std::none_of(config.feeds.begin(), config.feeds.end(), [&, &n = name](const auto& feed) { return feed.name == n; })) add(name, state.url, false, state);
    return out;
}

void print_feed(const Json& f) {
    auto text = [&](const char* member) { return shown(f[member].get<std::string>()); };
    std::string line = "feed       " + text("feed") + (f["configured"].get<bool>() ? "" : " (configured no more)") + ", " + text("url") + ": ";
    if (f["last_success"].is_null())
        line += "never synchronised";
    else
        line += (f["serial"].get<std::uint64_t>() ? "serial " + f["serial"].dump() + ", " : "") + "last success " + text("last_success");
    if (!f["valid_until"].is_null()) line += std::string(f["stale"].get<bool>() ? ", STALE since " : ", valid until ") + text("valid_until");
    if (f["withheld"].get<std::uint32_t>()) line += ", " + f["withheld"].dump() + " orders refused";
    print(line);
    if (!f["failure"].is_null()) print("           FAILED " + f["failures"].dump() + " times, last " + text("last_failure") + ": " + text("failure"));
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
    auto json = std::make_shared<bool>(false);
    auto* c = add_command(app, "status", "Show what the database holds and when it last changed", [json, &session] {
        Reading reading(session.database());
        const auto& s = reading.snapshot;
        UnixTime now = now_unix();
        Json states{{"active", 0}, {"upcoming", 0}, {"expired", 0}, {"revoked", 0}};
        std::vector<std::string> doubtful;  // in force, though revoked keys signed them
        s.each_order([&](OrderIndex, const OrderRecord& r) {
            bool in_force = r.state(now) == OrderState::active || r.state(now) == OrderState::upcoming;
            if (in_force && !withstands_revocation(session.config().trust, r.signers, now)) doubtful.push_back(r.id);
            auto& n = states[to_string(r.state(now))];
            n = n.get<std::uint64_t>() + 1;
        });
        Json j{{"database", session.config().database.path}, {"schema", schema_version}, {"serial", s.serial()},
               {"names", s.name_count()}, {"addresses", s.address_count()}, {"orders", states}, {"last_commit", nullptr}};
        if (auto last = last_journal(s.transaction(), s.tables()))
            j["last_commit"] = {{"serial", last->serial}, {"time", format_rfc3339(last->time)}, {"operator", last->operator_name},
                                {"command", last->command}, {"detail", last->detail}, {"orders", last->orders}};
        j["signed_by_revoked_keys"] = doubtful;
        j["feeds"] = feeds_json(session.config(), s, now);
        if (*json) return print_json(j);
        print("database   " + shown(j["database"].get<std::string>()) + ", schema " + std::to_string(schema_version));
        print("serial     " + std::to_string(s.serial()));
        print("names      " + std::to_string(s.name_count()));
        print("addresses  " + std::to_string(s.address_count()));
        std::string orders;
        for (const auto& [state, n] : states.items()) orders += (orders.empty() ? "" : ", ") + n.dump() + " " + state;
        print("orders     " + orders);
        if (const auto& last = j["last_commit"]; !last.is_null())
            print("last       " + last["time"].get<std::string>() + ", " + shown(last["command"].get<std::string>()) + " by " + shown(last["operator"].get<std::string>()));
        for (const auto& id : doubtful) print("DOUBTFUL   order " + shown(id) + " rests on a revoked key: see `order list`, lift it with `order revoke`");
        for (const auto& f : j["feeds"]) print_feed(f);
    });
    c->add_flag("--json", *json, "answer in JSON");
    c->footer("Example: blocklist-tool status");
}

}  // namespace saring::tool
