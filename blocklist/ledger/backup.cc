#include "ledger/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "ledger/copy.h"
#include "ledger/page_walk.h"

namespace saring::ledger {

namespace {

[[noreturn]] void cannot(const std::string& file, const Message& doing, int code) {
    throw lmdb::Failure(lmdb::Fault::unavailable, file, doing + ": " + std::strerror(code), msg("check the path, its permissions and the free space"));
}

lmdb::Options as_file() {
    lmdb::Options options;
    options.single_file = true;
    return options;
}

std::optional<Message> damage_in(const std::string& file, Progress& progress) {
    try {
        return lmdb::damaged_page(lmdb::Environment(file, as_file()), progress);
    } catch (const lmdb::Failure& e) {
        return e.why();
    }
}

}  // namespace

void sync_folder_of(const std::string& path) {
    auto folder = std::filesystem::path(path).parent_path();
    int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) cannot(path, msg("cannot open its folder"), errno);
    int rc = ::fsync(fd), code = errno;
    ::close(fd);
    if (rc != 0) cannot(path, msg("cannot flush its folder"), code);
}

void back_up(const lmdb::Environment& from, const std::string& file, bool replace, Progress& progress) {
    struct stat there {};
    bool exists = ::stat(file.c_str(), &there) == 0;
    if (exists && !S_ISREG(there.st_mode)) throw Error(ErrorKind::usage, file, msg("is no file"), msg("name a file to write"));
    if (exists && !replace) throw Error(ErrorKind::usage, file, msg("exists already"), msg("choose another name, or say --replace"));
    std::string temporary = file + ".XXXXXX";
    int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (fd < 0) cannot(file, msg("cannot create a file beside it"), errno);
    try {
        int rc = copy_compacted(from, fd, msg("copying to %1", file), progress);
        if (rc != 0) lmdb::raise(rc, msg("cannot copy to %1", file));
        // Readable by the group as the database is; no more than that.
        if (::fchmod(fd, 0640) != 0 || ::fsync(fd) != 0) cannot(file, msg("cannot flush"), errno);
        if (auto wrong = damage_in(temporary, progress))
            throw lmdb::Failure(lmdb::Fault::corrupt, file, msg("the copy is not sound: %1", *wrong), msg("see: blocklist-tool db check"));
        if (::rename(temporary.c_str(), file.c_str()) != 0) cannot(file, msg("cannot rename into place"), errno);
    } catch (...) {
        ::close(fd);
        ::unlink(temporary.c_str());
        throw;
    }
    ::close(fd);
    sync_folder_of(file);
}

Backup::Backup(const std::string& file, Progress& progress) {
    struct stat there {};
    if (::stat(file.c_str(), &there) != 0) throw Error(ErrorKind::usage, file, msg("cannot be read: %1", std::strerror(errno)), msg("name a file that `db backup` wrote"));
    if (!S_ISREG(there.st_mode)) throw Error(ErrorKind::usage, file, msg("is no file"), msg("name a file that `db backup` wrote"));
    if (auto wrong = damage_in(file, progress)) throw lmdb::Failure(lmdb::Fault::corrupt, file, msg("is no sound backup: %1", *wrong), msg("take another one"));
    environment_ = std::make_unique<lmdb::Environment>(file, as_file());
    {
        lmdb::ReadTxn first(*environment_);
        tables_ = open_tables(first);
        first.keep_handles();
    }
    txn_ = std::make_unique<lmdb::ReadTxn>(*environment_);
    snapshot_ = std::make_unique<Snapshot>(*txn_, tables_);
}

}  // namespace saring::ledger
