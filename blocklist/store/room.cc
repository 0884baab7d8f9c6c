#include "store/room.h"

#include <sys/statvfs.h>

namespace saring {

Room room_of(Database& database) {
    lmdb::ReadTxn txn(database.environment());
    Room out;
    const auto& t = database.tables();
    for (MDB_dbi db : {t.names, t.addresses, t.orders, t.order_ids, t.documents, t.texts, t.lifts, t.quarantine, t.journal, t.changes, t.feeds, t.manifests, t.meta}) {
        MDB_stat s;
        lmdb::check(mdb_stat(txn.handle(), db, &s), "cannot read");
        out.used += (s.ms_branch_pages + s.ms_leaf_pages + s.ms_overflow_pages) * s.ms_psize;
    }
    MDB_envinfo info;
    lmdb::check(mdb_env_info(database.environment().handle(), &info), "cannot read");
    out.map = info.me_mapsize;
    struct statvfs disk {};
    if (::statvfs(database.environment().directory().c_str(), &disk) == 0) {
        out.disk_free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
        out.disk = std::uint64_t{disk.f_blocks} * disk.f_frsize;
    }
    return out;
}

}  // namespace saring
