// The hits database: there, growing no more than it may, giving up what is too old.
#include "doctor/installation.h"
#include "hits/reader.h"
#include "hits_query.h"

namespace saring::tool {

void check_hits(Installation& i) {
    if (!i.config) return;
    const auto& c = i.config->hits;
    if (c.path.empty()) return i.found.ok("hits", "are not recorded (hits.path is empty)");
    HitsSummary s;
    try {
        s = HitsReader(open_hits(i.session)).summary();
    } catch (const lmdb::Failure& e) {
        std::string what = e.subject() + ": " + e.why();
        if (::access(c.path.c_str(), F_OK) == 0 && ::access(c.path.c_str(), R_OK | X_OK) != 0) return i.found.unseen("hits", what, "sudo blocklist-tool doctor");
        // The module makes it when it starts.
        if (e.fault() == lmdb::Fault::absent) return i.found.warn("hits", what, "install -d -o unbound -g saring -m 2770 " + c.path + "; systemctl restart unbound");
        return i.found.fail("hits", what, e.remedy());
    }
    std::string used = c.path + ": " + counted(s.kept, "record") + ", " + std::to_string(s.bytes >> 20) + " of " + std::to_string(c.max_size >> 20) + " MiB";
    UnixTime limit = i.now - UnixTime{c.keep_days} * 86400;
    if (s.oldest && s.oldest / second_us < limit - 86400)
        i.found.warn("hits", used + "; the oldest is of " + format_microseconds(s.oldest) + ", older than the " + std::to_string(c.keep_days) + " days of hits.keep_days",
                     "restart the Unbound that records there: systemctl restart unbound");
    else
        i.found.ok("hits", used + ", kept " + std::to_string(c.keep_days) + " days");
    if (auto dropped = s.dropped()) i.found.warn("hits.dropped", counted(dropped, "hit") + " could not be recorded since the database was made", "blocklist-tool hits summary; raise hits.queue_kib if it grows");
}

}  // namespace saring::tool
