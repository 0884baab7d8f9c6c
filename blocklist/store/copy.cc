#include "store/copy.h"

#include <sys/stat.h>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace saring {
namespace {

using namespace std::chrono_literals;

// LMDB copies in one call and tells nothing: how far it is shows in the file that grows.
class Watch {
public:
    Watch(int fd, Progress& progress) : thread_([this, fd, &progress] { look(fd, progress); }) {}
    ~Watch() {
        {
            std::lock_guard<std::mutex> lock(mutex_);
            over_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

private:
    void look(int fd, Progress& progress) {
        std::unique_lock<std::mutex> lock(mutex_);
        while (!wake_.wait_for(lock, 100ms, [this] { return over_; }))
            if (struct stat s {}; ::fstat(fd, &s) == 0) progress.at(static_cast<std::uint64_t>(s.st_size));
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    bool over_ = false;
    std::thread thread_;  // last: what it uses is there before it
};

std::uint64_t used_bytes(const lmdb::Environment& env) {
    lmdb::ReadTxn txn(env);
    MDB_dbi main;
    lmdb::check(mdb_dbi_open(txn.handle(), nullptr, 0, &main), "cannot open");
    std::uint64_t bytes = txn.used_bytes(main);
    lmdb::Cursor names(txn, main);
    for (auto name = names.first(); name; name = names.next())
        if (auto table = txn.open_db(std::string(name->key).c_str())) bytes += txn.used_bytes(*table);
    return bytes;
}

}  // namespace

int copy_compacted(const lmdb::Environment& from, int fd, const Message& what, Progress& progress) {
    if (!progress.wanted()) return mdb_env_copyfd2(from.handle(), fd, MDB_CP_COMPACT);
    progress.begin(what, msg("bytes"), used_bytes(from));
    int rc;
    {
        Watch watch(fd, progress);
        rc = mdb_env_copyfd2(from.handle(), fd, MDB_CP_COMPACT);
    }
    progress.end();
    return rc;
}

}  // namespace saring
