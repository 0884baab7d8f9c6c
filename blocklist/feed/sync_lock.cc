#include "feed/sync_lock.h"

namespace saring::feed {
namespace {

std::string beside(std::string database) {
    while (database.size() > 1 && database.back() == '/') database.pop_back();
    return database + ".sync-lock";
}

}  // namespace

SyncLock::SyncLock(const std::string& database, const std::string& operator_name, UnixTime now)
    : lock_(beside(database), "sync", "of " + operator_name, now,
            "run sync as the user who may write the database's parent folder") {}

}  // namespace saring::feed
