// Orders begin and end by this machine's clock. No time client is asked: what is known anyway tells.
#include <algorithm>
#include <cstdlib>

#include "doctor/installation.h"
#include "feed/manifest.h"
#include "feed/source.h"
#include "fetch/transport.h"
#include "ledger/journal.h"

namespace saring::tool {
namespace {

constexpr UnixTime this_program = 1704067200;  // 2024-01-01: older than any Saring
constexpr UnixTime a_bit = 300, too_much = 86400;
constexpr const char* set = "timedatectl set-ntp true";

// What a server that is asked anyway says, in seconds ahead of us; nothing when none does.
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
            // check_feeds has told.
        }
    }
    return std::nullopt;
}

}  // namespace

void check_clock(Installation& i) {
    Message now = msg("it is %1 here", format_rfc3339(i.now));
    if (i.now < this_program) return i.found.fail("clock", msg("%1, before this program was written", now), set);
    if (i.database) {
        Reading reading(i.database);
        if (auto last = last_journal(reading.snapshot.transaction(), reading.snapshot.tables());
            last && last->time > i.now + a_bit)
            return i.found.fail(
                "clock", msg("%1, and the database's last commit is of %2", now, format_rfc3339(last->time)), set);
    }
    std::string server;
    auto ahead = i.config && !i.options.quick ? server_ahead(i, server) : std::nullopt;
    if (!ahead) return i.found.ok("clock", msg("%1; no server was there to compare with", now));
    auto off = std::abs(*ahead);
    Message told = msg("%1; %2 is %3 s %4", now, server, off, *ahead < 0 ? msg("behind") : msg("ahead"));
    if (off >= too_much) i.found.fail("clock", told, set);
    else if (off >= a_bit) i.found.warn("clock", told, set);
    else i.found.ok("clock", told);
}

}  // namespace saring::tool
