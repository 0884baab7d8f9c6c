// Orders begin and end by this machine's clock. It is compared with the journal and with the feeds' servers.
#include <algorithm>
#include <cstdlib>

#include "doctor/installation.h"
#include "feed/manifest.h"
#include "feed/source.h"
#include "fetch/transport.h"
#include "state/clock_state.h"

namespace saring::tool {
namespace {

constexpr UnixTime tolerance = 300, max_offset = 86400;  // seconds
constexpr const char* set = "timedatectl set-ntp true";

// Clock of a feed's server, in seconds ahead of this machine's; nothing if no server sends its time.
std::optional<UnixTime> server_ahead(Installation& i, std::string& server) {
    for (config::FeedConfig feed : i.config->feeds) {
        if (feed.url.find("http") == std::string::npos) continue;
        bool is_list = feed::feed_kind(feed.url) == feed::FeedKind::list;
        feed.retries = 0;
        feed.timeout_seconds = 10;
        try {
            auto transport = fetch::open_transport(feed, is_list);
            auto response = transport->get({is_list ? "" : feed::manifest_name, 4096});
            if (response.date == 0) continue;
            server = feed.url;
            return response.date - now_unix();
        } catch (const Error&) {
            // check_feeds reports it.
        }
    }
    return std::nullopt;
}

}  // namespace

void check_clock(Installation& i) {
    Message now = msg("this machine's clock says %1", format_rfc3339(i.now));
    if (i.now < earliest_time) return i.found.fail("clock", msg("%1, before this program was written", now), set);
    if (i.database)
        if (auto behind = clock_is_behind(Reading(i.database).snapshot, i.now); !behind.empty())
            return i.found.fail("clock", behind, set);
    std::string server;
    auto ahead = i.config && !i.options.quick ? server_ahead(i, server) : std::nullopt;
    if (!ahead) return i.found.ok("clock", msg("%1; there is no server to compare with", now));
    auto off = std::abs(*ahead);
    Message what = msg("%1; %2 is %3 s %4", now, server, off, *ahead < 0 ? msg("behind") : msg("ahead"));
    if (off >= max_offset) i.found.fail("clock", what, set);
    else if (off >= tolerance) i.found.warn("clock", what, set);
    else i.found.ok("clock", what);
}

}  // namespace saring::tool
