// The hit log: whether it exists, is readable, stays within its size, and removes old records.
#include "doctor/installation.h"
#include "hits/takeover.h"
#include "hits_view/hits_query.h"

namespace saring::tool {

void check_hits(Installation& i) {
    if (!i.config) return;
    const auto& c = i.config->hits;
    if (c.path.empty()) return i.found.ok("hits", msg("are not recorded (hits.path is empty)"));
    hits::HitsSummary s;
    try {
        auto reader = read_hits(i.session);
        s = reader.summary();
        reader.check_frames();
        for (const auto& d : reader.damage())
            i.found.fail(
                "hits.damage", msg("%1: %2", d.file, d.message()),
                d.why.empty()
                    ? msg("check the disk; the readable part stays in use; remove its hits to clear this failure: "
                          "blocklist-tool hits purge")
                    : msg("check the disk, and who removes files there; it ends when hits.keep_days have passed"));
    } catch (const hits::NoHitLog& e) {
        // The module creates it when it starts.
        return i.found.warn("hits", e.subject() + ": " + e.why(),
                            "install -d -o unbound -g saring -m 2770 " + c.path + "; systemctl restart unbound");
    } catch (const Error& e) {
        Message what = e.subject() + ": " + e.why();
        if (::access(c.path.c_str(), F_OK) == 0 && ::access(c.path.c_str(), R_OK | X_OK) != 0)
            return i.found.unseen("hits", what, "sudo blocklist-tool doctor");
        return i.found.fail("hits", what, e.remedy());
    }
    if (hits::has_earlier_database(c.path))
        i.found.fail("hits.earlier", msg("%1/data.mdb holds hits of an earlier version, which nothing reads", c.path),
                     "blocklist-tool hits migrate");
    Message used =
        msg("%1: %2, %3 of %4 MiB", c.path, msgn("%1 record", "%1 records", s.kept), s.bytes >> 20, c.max_size >> 20);
    UnixTime limit = i.now - UnixTime{c.keep_days} * 86400;
    if (s.oldest && s.oldest / hitlog::second_us < limit - 86400)
        i.found.warn("hits",
                     msg("%1; the oldest is of %2, older than the %3 days of hits.keep_days", used,
                         hitlog::format_microseconds(s.oldest), c.keep_days),
                     msg("restart the Unbound that records there: systemctl restart unbound"));
    else i.found.ok("hits", msg("%1, kept %2", used, msgn("%1 day", "%1 days", c.keep_days)));
    if (auto dropped = s.dropped())
        i.found.warn("hits.dropped",
                     msg("%1 could not be recorded since the log began", msgn("%1 hit", "%1 hits", dropped)),
                     msg("blocklist-tool hits summary; raise hits.queue_kib if it grows"));
}

}  // namespace saring::tool
