#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "doctor/installation.h"
#include "ledger/check.h"
#include "ledger/space_usage.h"

namespace saring::tool {
namespace {

constexpr std::uint64_t mib = 1u << 20;

std::string per_cent(std::uint64_t part, std::uint64_t whole) {
    return std::to_string(whole ? part * 100 / whole : 0) + " %";
}

void check_room(Installation& i) {
    auto room = space_usage_of(*i.database);
    std::uint64_t most = std::max<std::uint64_t>(room.map, i.config->database.map_size);
    Message what =
        msg("%1 MiB used of %2 MiB that it may grow to (%3)", room.used / mib, most / mib, per_cent(room.used, most));
    Message raise = msg("in %1: [database] map_size_mib = %2", i.config->source, 2 * most / mib);
    // A commit needs room beside what is there: nothing is overwritten in place.
    if (room.used > most / 100 * 95) i.found.fail("database.room", msg("%1: full", what), raise);
    else if (room.used > most / 100 * 75) i.found.warn("database.room", what, raise);
    else i.found.ok("database.room", what);
    Message free = msg("%1 MiB free on the disk of %2", room.disk_free / mib, i.config->database.path);
    std::string clear = "df " + i.config->database.path;
    // Compacting writes a second copy beside the first.
    if (room.disk && room.disk_free < 64 * mib) i.found.fail("database.disk", free, clear);
    else if (room.disk && room.disk_free < 2 * room.used + 256 * mib)
        i.found.warn("database.disk", msg("%1: too little for a second copy beside it, which db compact writes", free),
                     clear);
    else i.found.ok("database.disk", free);
}

void check_soundness(Installation& i) {
    if (i.options.quick)
        return i.found.unseen("database.sound", msg("not looked at, for --quick"), "blocklist-tool db check");
    Reading reading(i.database);
    auto findings = check_content(reading.snapshot, {});
    auto total = findings.total();
    if (total == 0) return i.found.ok("database.sound", msg("what its commits explain, and no more"));
    i.found.fail("database.sound",
                 msg("%1, the first: %2", msgn("%1 finding", "%1 findings", total),
                     msg("%1: %2", findings.list().front().where, findings.list().front().what)),
                 msg("blocklist-tool db check; then db restore a backup, or db rollback to before the damage"));
}

// A damaged page ends the program that follows it: as much as the checks read is read in a process of its own first.
bool can_be_followed(const Installation& i) {
    pid_t child = ::fork();
    if (child == 0) {
        int nowhere = ::open("/dev/null", O_WRONLY);
        ::dup2(nowhere, STDERR_FILENO);
        try {
            Reading reading(ledger::Database::open(*i.config));
            if (!i.options.quick) check_content(reading.snapshot, {});
        } catch (const std::exception&) {  // which this process is told as well
        }
        ::_exit(0);
    }
    int status = 0;
    return child < 0 || ::waitpid(child, &status, 0) != child || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace

void check_database(Installation& i) {
    if (!i.config) return;
    if (!can_be_followed(i))
        return i.found.fail(
            "database.open", msg("%1: corrupt: a page of it cannot be followed", i.config->database.path),
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
            ::access(i.config->database.path.c_str(), R_OK | X_OK) != 0)
            return i.found.unseen("database.open", what,
                                  msg("run as root, or as a member of group saring: sudo blocklist-tool doctor"));
        return i.found.fail("database.open", what, e.remedy());
    }
    check_room(i);
    check_soundness(i);
}

}  // namespace saring::tool
