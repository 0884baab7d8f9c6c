// Each feed: how long ago it was followed, and whether it can be had and believed now.
#include <algorithm>
#include <map>

#include "doctor/installation.h"
#include "feed/checked.h"
#include "feed/source.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

constexpr UnixTime hour = 3600, day = 24 * hour;
constexpr unsigned patience = 30;  // seconds, of a feed

std::string ago(UnixTime seconds) {
    if (seconds < 2 * hour) return std::to_string(seconds / 60) + " min ago";
    return seconds < 2 * day ? std::to_string(seconds / hour) + " h ago" : std::to_string(seconds / day) + " days ago";
}

void check_age(Installation& i, const FeedConfig& feed, const FeedState& state) {
    const std::string check = "feed.age", what = "feed " + feed.name + ": ";
    const std::string sync = as_saring("sync --feed " + feed.name), timer = "systemctl enable --now saring-sync.timer";
    if (state.last_success == 0)
        return i.found.fail(check, what + "was never followed" + (state.failure.empty() ? "" : "; last failure: " + state.failure), sync);
    UnixTime age = std::max<UnixTime>(i.now - state.last_success, 0);
    std::string told = what + "followed " + ago(age) + (state.serial ? ", serial " + std::to_string(state.serial) : "");
    if (state.valid_until && i.now >= state.valid_until)
        return i.found.fail(check, told + ", valid until " + format_rfc3339(state.valid_until) + " only: its orders hold, new ones do not come", sync + "; " + timer);
    if (state.failures) return i.found.warn(check, told + ", then " + counted(state.failures, "failure") + ": " + state.failure, sync);
    if (age >= hour) return i.found.warn(check, told, timer);
    i.found.ok(check, told + (state.valid_until ? ", valid until " + format_rfc3339(state.valid_until) : ""));
}

// As sync would, up to what it would write.
void check_reach(Installation& i, const FeedConfig& configured, const FeedState& known) {
    FeedConfig feed = configured;
    feed.retries = 0;
    feed.timeout_seconds = std::min(feed.timeout_seconds, patience);
    TerminalProgress progress(i.options.json);
    try {
        make_source({*i.config, feed, i.database, i.now, progress})->fetch(known);
        i.found.ok("feed.reach", "feed " + feed.name + ": " + feed.url + " can be fetched and believed");
    } catch (const Error& e) {
        progress.end();
        i.found.fail("feed.reach", "feed " + feed.name + ": " + e.subject() + ": " + e.why(), e.remedy().empty() ? "blocklist-tool sync --dry-run --feed " + feed.name : e.remedy());
    }
}

}  // namespace

void check_feeds(Installation& i) {
    if (!i.config) return;
    if (i.config->feeds.empty())
        return i.found.warn("feed.age", "no feed is configured: orders come by hand alone", "in " + i.config->source + ": [[feed]] name = \"ministry\" url = \"https://feed.example/orders/\"");
    if (!i.database) return i.found.unseen("feed.age", "what is known of feeds stands in the database, which cannot be opened", "mend the database first");
    std::map<std::string, FeedState> states;
    {
        Reading reading(i.database);
        for (auto& [name, state] : feed_states(i.config->database.path, reading.snapshot.transaction(), reading.snapshot.tables())) states[name] = std::move(state);
    }
    for (const auto& feed : i.config->feeds) {
        const auto& state = states[feed.name];
        check_age(i, feed, state);
        if (i.options.quick)
            i.found.unseen("feed.reach", "feed " + feed.name + ": not fetched, for --quick", "blocklist-tool sync --dry-run --feed " + feed.name);
        else
            check_reach(i, feed, state);
    }
}

}  // namespace saring::tool
