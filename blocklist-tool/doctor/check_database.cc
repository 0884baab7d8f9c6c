#include "doctor/installation.h"
#include "store/check.h"
#include "store/room.h"

namespace saring::tool {
namespace {

constexpr std::uint64_t mib = 1u << 20;

std::string per_cent(std::uint64_t part, std::uint64_t whole) { return std::to_string(whole ? part * 100 / whole : 0) + " %"; }

void check_room(Installation& i) {
    auto room = room_of(*i.database);
    std::uint64_t most = std::max<std::uint64_t>(room.map, i.config->database.map_size);
    std::string what = std::to_string(room.used / mib) + " MiB used of " + std::to_string(most / mib) + " MiB that it may grow to (" + per_cent(room.used, most) + ")";
    std::string raise = "in " + i.config->source + ": [database] map_size_mib = " + std::to_string(2 * most / mib);
    // A commit needs room beside what is there: nothing is overwritten in place.
    if (room.used > most / 100 * 95)
        i.found.fail("database.room", what + ": full", raise);
    else if (room.used > most / 100 * 75)
        i.found.warn("database.room", what, raise);
    else
        i.found.ok("database.room", what);
    std::string free = std::to_string(room.disk_free / mib) + " MiB free on the disk of " + i.config->database.path;
    std::string clear = "df " + i.config->database.path;
    // Compacting writes a second copy beside the first.
    if (room.disk && room.disk_free < 64 * mib)
        i.found.fail("database.disk", free, clear);
    else if (room.disk && room.disk_free < 2 * room.used + 256 * mib)
        i.found.warn("database.disk", free + ": too little for a second copy beside it, which db compact writes", clear);
    else
        i.found.ok("database.disk", free);
}

void check_soundness(Installation& i) {
    if (i.options.quick) return i.found.unseen("database.sound", "not looked at, for --quick", "blocklist-tool db check");
    const auto& path = i.config->database.path;
    auto damage = check_pages(path);
    std::string first;
    std::size_t total = damage ? 1 : 0;
    if (damage) {
        first = *damage;
    } else {
        Reading reading(i.database);
        auto findings = check_content(reading.snapshot, {});
        total = findings.total();
        if (total) first = findings.list().front().where + ": " + findings.list().front().what;
    }
    if (total == 0) return i.found.ok("database.sound", "what its commits explain, and no more");
    i.found.fail("database.sound", counted(total, "finding") + ", the first: " + first, "blocklist-tool db check; then db restore a backup, or db rollback to before the damage");
}

}  // namespace

void check_database(Installation& i) {
    if (!i.config) return;
    try {
        i.database = Database::open(*i.config);
        Reading reading(i.database);
        i.found.ok("database.open", i.config->database.path + ": schema " + std::to_string(schema_version) + ", serial " + std::to_string(reading.snapshot.serial()) + ", " +
                                        counted(reading.snapshot.name_count(), "name"));
    } catch (const lmdb::Failure& e) {
        i.database.reset();
        std::string what = e.subject() + ": " + e.why();
        if (e.fault() == lmdb::Fault::absent) return i.found.fail("database.open", what, as_saring("db init"));
        if (e.fault() == lmdb::Fault::unavailable && ::access(i.config->database.path.c_str(), R_OK | X_OK) != 0)
            return i.found.unseen("database.open", what, "run as root, or as a member of group saring: sudo blocklist-tool doctor");
        return i.found.fail("database.open", what, e.remedy());
    }
    check_room(i);
    check_soundness(i);
}

}  // namespace saring::tool
