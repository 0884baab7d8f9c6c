#include "state/feed_states.h"

#include <algorithm>

#include "feed/check_time.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

Json checked_time(UnixTime t) { return t == 0 ? Json(nullptr) : Json(format_rfc3339(t)); }

}  // namespace

Json feeds_json(const config::Config& config, const ledger::Snapshot& s, UnixTime now) {
    Json out = Json::array();
    auto states = feed::feed_states(config.database.path, s.transaction(), s.tables());
    auto add = [&](const std::string& name, const std::string& url, bool configured, const ledger::FeedState& f) {
        bool failing = f.failures > 0;
        out.push_back({{"feed", name},
                       {"url", url},
                       {"configured", configured},
                       {"serial", f.serial},
                       {"orders", f.orders},
                       {"withheld", f.withheld},
                       {"generated", checked_time(f.generated)},
                       {"valid_until", checked_time(f.valid_until)},
                       {"stale", f.valid_until != 0 && now >= f.valid_until},
                       {"last_success", checked_time(f.last_success)},
                       {"last_failure", checked_time(f.last_failure)},
                       {"failures", f.failures},
                       {"failure", failing ? Json(f.failure) : Json(nullptr)},
                       {"failure_exit_code", failing ? Json(f.failure_code) : Json(nullptr)}});
    };
    for (const auto& feed : config.feeds) {
        auto known =
            std::find_if(states.begin(), states.end(), [&](const auto& state) { return state.first == feed.name; });
        add(feed.name, feed.url, true, known == states.end() ? ledger::FeedState{} : known->second);
    }
    for (const auto& [name, state] : states)
        if (std::none_of(config.feeds.begin(), config.feeds.end(),
                         [&, &n = name](const auto& feed) { return feed.name == n; }))
            add(name, state.url, false, state);
    return out;
}

void print_feed(const Json& f) {
    auto text = [&](const char* member) { return shown(f[member].get<std::string>()); };
    std::string line = tr("feed       %1%2, %3: ", text("feed"),
                          f["configured"].get<bool>() ? "" : tr(" (no longer configured)"), text("url"));
    if (f["last_success"].is_null()) line += tr("never synchronised");
    else
        line += f["serial"].get<std::uint64_t>()
                    ? tr("serial %1, last success %2", f["serial"].dump(), text("last_success"))
                    : tr("last success %1", text("last_success"));
    if (!f["valid_until"].is_null())
        line += f["stale"].get<bool>() ? tr(", %1 since %2", toned(tr("STALE"), Tone::bad), text("valid_until"))
                                       : tr(", valid until %1", text("valid_until"));
    if (auto n = f["withheld"].get<std::uint32_t>()) line += trn(", %1 order refused", ", %1 orders refused", n);
    print(line);
    if (!f["failure"].is_null())
        print(trn("           %2 %1 time, last %3: %4", "           %2 %1 times, last %3: %4",
                  f["failures"].get<std::uint64_t>(), toned(tr("FAILED"), Tone::bad), text("last_failure"),
                  text("failure")));
}

}  // namespace saring::tool
