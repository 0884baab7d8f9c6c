// For each feed: when it was last synchronised, and whether it can be fetched and verified now.
#include <algorithm>
#include <map>

#include "doctor/installation.h"
#include "feed/check_time.h"
#include "feed/source.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

constexpr UnixTime hour_seconds = 3600;
constexpr unsigned max_fetch_seconds = 30;  // for one feed

Message ago(UnixTime seconds) {
    if (seconds < 2 * hour_seconds) return msg("%1 min ago", seconds / 60);
    return seconds < 2 * day_seconds ? msg("%1 h ago", seconds / hour_seconds)
                                     : msg("%1 days ago", seconds / day_seconds);
}

void check_age(Installation& i, const config::FeedConfig& feed, const ledger::FeedState& state) {
    const std::string check = "feed.age";
    const std::string sync = as_saring("sync --feed " + feed.name), timer = "systemctl enable --now saring-sync.timer";
    if (state.last_success == 0)
        return i.found.fail(check,
                            msg("feed %1: never synchronised%2", feed.name,
                                state.failure.empty() ? Message() : msg("; last failure: %1", state.failure)),
                            sync);
    UnixTime age = std::max<UnixTime>(i.now - state.last_success, 0);
    Message what = msg("feed %1: synchronised %2%3", feed.name, ago(age),
                       state.serial ? msg(", serial %1", state.serial) : Message());
    if (state.valid_until && i.now >= state.valid_until)
        return i.found.fail(check,
                            msg("%1, but valid only until %2: its orders stay in force, new ones do not arrive", what,
                                format_rfc3339(state.valid_until)),
                            sync + "; " + timer);
    if (state.failures)
        return i.found.warn(
            check, msg("%1, since then %2: %3", what, msgn("%1 failure", "%1 failures", state.failures), state.failure),
            sync);
    if (age >= hour_seconds) return i.found.warn(check, what, timer);
    i.found.ok(check,
               what + (state.valid_until ? msg(", valid until %1", format_rfc3339(state.valid_until)) : Message()));
}

// Fetches and verifies as sync does, without writing.
void check_reach(Installation& i, const config::FeedConfig& configured, const ledger::FeedState& known) {
    config::FeedConfig feed = configured;
    feed.retries = 0;
    feed.timeout_seconds = std::min(feed.timeout_seconds, max_fetch_seconds);
    TerminalProgress progress(i.options.json);
    try {
        feed::make_source({*i.config, feed, i.database, i.now, progress})->fetch(known);
        i.found.ok("feed.reach", msg("feed %1: %2 can be fetched and verified", feed.name, feed.url));
    } catch (const Error& e) {
        progress.end();
        i.found.fail("feed.reach", msg("feed %1: %2: %3", feed.name, e.subject(), e.why()),
                     e.remedy().empty() ? Message("blocklist-tool sync --dry-run --feed " + feed.name) : e.remedy());
    }
}

}  // namespace

void check_feeds(Installation& i) {
    if (!i.config) return;
    if (i.config->feeds.empty())
        return i.found.warn(
            "feed.age", msg("no feed is configured: orders are applied by hand only"),
            msg("in %1: [[feed]] name = \"ministry\" url = \"https://feed.example/orders/\"", i.config->source));
    if (!i.database)
        return i.found.unseen("feed.age", msg("the state of feeds is in the database, which cannot be opened"),
                              msg("fix the database first"));
    std::map<std::string, ledger::FeedState> states;
    {
        Reading reading(i.database);
        for (auto& [name, state] :
             feed::feed_states(i.config->database.path, reading.snapshot.transaction(), reading.snapshot.tables()))
            states[name] = std::move(state);
    }
    for (const auto& feed : i.config->feeds) {
        const auto& state = states[feed.name];
        check_age(i, feed, state);
        if (i.options.quick)
            i.found.unseen("feed.reach", msg("feed %1: not fetched (--quick)", feed.name),
                           "blocklist-tool sync --dry-run --feed " + feed.name);
        else check_reach(i, feed, state);
    }
}

}  // namespace saring::tool
