#include "ledger/copy.h"

#include <sys/stat.h>

#include "base/periodic.h"

namespace saring::ledger {
namespace {

constexpr std::chrono::milliseconds look_every{100};

std::uint64_t used_bytes(const lmdb::Environment& env) {
    lmdb::ReadTxn txn(env);
    std::uint64_t bytes = txn.used_bytes(*txn.open_db(nullptr));
    lmdb::each_table(txn, [&](ByteView, MDB_dbi table) {
        bytes += txn.used_bytes(table);
        return true;
    });
    return bytes;
}

}  // namespace

int copy_compacted(const lmdb::Environment& from, int fd, const Message& what, Progress& progress) {
    if (!progress.wanted()) return from.copy_compacted(fd);
    progress.begin(what, msg("bytes"), used_bytes(from));
    int rc;
    {
        // LMDB copies in one call without reporting progress, so progress is the size of the growing file.
        Periodic watch(look_every, [fd, &progress] {
            if (struct stat s{}; ::fstat(fd, &s) == 0) progress.at(static_cast<std::uint64_t>(s.st_size));
        });
        rc = from.copy_compacted(fd);
    }
    progress.end();
    return rc;
}

}  // namespace saring::ledger
