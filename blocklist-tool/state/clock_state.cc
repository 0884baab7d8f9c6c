#include "state/clock_state.h"

#include <algorithm>

#include "ledger/journal.h"

namespace saring::tool {

Message clock_is_behind(const ledger::Snapshot& snapshot, UnixTime now) {
    constexpr UnixTime tolerance = 300;  // seconds
    constexpr std::uint64_t compared = 10;
    UnixTime latest = 0;
    for (auto serial = snapshot.serial(), end = serial - std::min(serial, compared); serial > end; --serial)
        if (auto record = read_journal(snapshot.transaction(), snapshot.tables(), serial))
            latest = std::max(latest, record->time);
    if (latest <= now + tolerance) return {};
    return msg("this machine's clock says %1, but one of the database's last commits is of %2", format_rfc3339(now),
               format_rfc3339(latest));
}

}  // namespace saring::tool
