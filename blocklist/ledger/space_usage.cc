#include "ledger/space_usage.h"

#include <sys/statvfs.h>

namespace saring::ledger {

SpaceUsage space_usage_of(Database& database) {
    lmdb::ReadTxn txn(database.environment());
    SpaceUsage out;
    for (MDB_dbi db : all_of(database.tables())) out.used += txn.used_bytes(db);
    MDB_envinfo info;
    lmdb::check(mdb_env_info(database.environment().handle(), &info), marked("cannot read"));
    out.map = info.me_mapsize;
    struct statvfs disk {};
    if (::statvfs(database.environment().directory().c_str(), &disk) == 0) {
        out.disk_free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
        out.disk = std::uint64_t{disk.f_blocks} * disk.f_frsize;
    }
    return out;
}

}  // namespace saring::ledger
