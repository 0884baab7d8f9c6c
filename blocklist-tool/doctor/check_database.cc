#include <unistd.h>

#include <cerrno>

#include "doctor/installation.h"
#include "ledger/check.h"
#include "ledger/space_usage.h"
#include "state/status_state.h"

namespace saring::tool {
namespace {

constexpr std::uint64_t mib = 1u << 20;

std::string per_cent(std::uint64_t part, std::uint64_t whole) {
    return std::to_string(whole ? part * 100 / whole : 0) + " %";
}

void check_space(Installation& i) {
    auto space = space_usage_of(*i.database);
    std::uint64_t most = std::max<std::uint64_t>(space.map, i.config->database.map_size);
    Message what = msg("%1 MiB used of at most %2 MiB (%3)", space.used / mib, most / mib, per_cent(space.used, most));
    Message raise = msg("in %1: [database] map_size_mib = %2", i.config->source, 2 * most / mib);
    // A commit needs free pages: LMDB overwrites nothing in place.
    if (space.used > most / 100 * 95) i.found.fail("database.room", msg("%1: full", what), raise);
    else if (space.used > most / 100 * 75) i.found.warn("database.room", what, raise);
    else i.found.ok("database.room", what);
    Message free = msg("%1 MiB free on the disk of %2", space.disk_free / mib, i.config->database.path);
    std::string clear = "df " + i.config->database.path;
    // db compact writes a second copy.
    if (space.disk && space.disk_free < 64 * mib) i.found.fail("database.disk", free, clear);
    else if (space.disk && space.disk_free < 2 * space.used + 256 * mib)
        i.found.warn("database.disk", msg("%1: too little for the second copy that db compact writes", free), clear);
    else i.found.ok("database.disk", free);
}

void check_soundness(Installation& i) {
    if (i.options.quick) return i.found.unseen("database.sound", msg("skipped by --quick"), "blocklist-tool db check");
    Reading reading(i.database);
    auto findings = check_content(reading.snapshot, {});
    auto total = findings.total();
    if (total == 0) return i.found.ok("database.sound", msg("contains exactly what its commits explain"));
    i.found.fail("database.sound",
                 msg("%1, the first: %2", msgn("%1 finding", "%1 findings", total),
                     msg("%1: %2", findings.list().front().where, findings.list().front().what)),
                 msg("blocklist-tool db check; then db restore a backup, or db rollback to before the damage"));
}

// Reading a damaged page can end the process, so everything that the checks read is first read in a child process.
bool can_be_read(const Installation& i) {
    return ledger::lmdb::survives([&] {
        Reading reading(ledger::Database::open(*i.config));
        database_state(i.session, reading.snapshot, i.now);
        if (!i.options.quick) check_content(reading.snapshot, {});
    });
}

}  // namespace

void check_database(Installation& i) {
    if (!i.config) return;
    if (!can_be_read(i))
        return i.found.fail(
            "database.open", msg("%1: corrupt: a damaged page cannot be read", i.config->database.path),
            msg("move data.mdb and lock.mdb away; then: blocklist-tool db init; blocklist-tool db restore a backup"));
    try {
        i.database = ledger::Database::open(*i.config);
        Reading reading(i.database);
        i.found.ok("database.open",
                   msg("%1: schema %2, serial %3, %4", i.config->database.path, ledger::schema_version,
                       reading.snapshot.serial(), msgn("%1 name", "%1 names", reading.snapshot.name_count())));
    } catch (const ledger::lmdb::Failure& e) {
        i.database.reset();
        Message what = e.subject() + ": " + e.why();
        if (e.fault() == ledger::lmdb::Fault::absent) return i.found.fail("database.open", what, as_saring("db init"));
        if (e.fault() == ledger::lmdb::Fault::unavailable &&
            ::access(i.config->database.path.c_str(), R_OK | X_OK) != 0 && errno == EACCES)
            return i.found.unseen("database.open", what,
                                  msg("run as root, or as a member of group saring: sudo blocklist-tool doctor"));
        return i.found.fail("database.open", what, e.remedy());
    }
    check_space(i);
    check_soundness(i);
}

}  // namespace saring::tool
