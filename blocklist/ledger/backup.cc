#include "ledger/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "ledger/copy.h"

namespace saring::ledger {

namespace {

[[noreturn]] void cannot(const std::string& file, const Message& doing, int code) {
    throw lmdb::Failure(lmdb::Fault::unavailable, file, doing + ": " + std::strerror(code),
                        msg("check the path, its permissions and the free space"));
}

lmdb::Options as_file() {
    lmdb::Options options;
    options.single_file = true;
    return options;
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
    if (exists && !S_ISREG(there.st_mode))
        throw Error(ErrorKind::usage, file, msg("is not a file"), msg("name a file to write"));
    if (exists && !replace)
        throw Error(ErrorKind::usage, file, msg("exists already"), msg("choose another name, or say --replace"));
    // The file has no name until it is complete, so a killed command leaves nothing behind.
    auto folder = std::filesystem::path(file).parent_path().string();
    int fd = ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0640);
    if (fd < 0) cannot(file, msg("cannot create a temporary file in the same folder"), errno);
    try {
        int rc = copy_compacted(from, fd, msg("copying to %1", file), progress);
        if (rc != 0) lmdb::raise(rc, msg("cannot copy to %1", file));
        // Mode 0640, as the database: readable by its group.
        if (::fchmod(fd, 0640) != 0 || ::fsync(fd) != 0) cannot(file, msg("cannot flush"), errno);
        auto copy = "/proc/self/fd/" + std::to_string(fd);
        // linkat() cannot replace a file, so replacing takes a second step.
        std::string name = exists ? file + ".new" : file;
        if (exists) ::unlink(name.c_str());
        if (::linkat(AT_FDCWD, copy.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
            cannot(file, msg("cannot give it its name"), errno);
        if (exists && ::rename(name.c_str(), file.c_str()) != 0) cannot(file, msg("cannot rename into place"), errno);
    } catch (...) {
        ::close(fd);
        throw;
    }
    ::close(fd);
    sync_folder_of(file);
}

Backup::Backup(const std::string& file) {
    struct stat there {};
    if (::stat(file.c_str(), &there) != 0)
        throw Error(ErrorKind::usage, file, msg("cannot be read: %1", std::strerror(errno)),
                    msg("name a file that `db backup` wrote"));
    if (!S_ISREG(there.st_mode))
        throw Error(ErrorKind::usage, file, msg("is not a file"), msg("name a file that `db backup` wrote"));
    environment_ = std::make_unique<lmdb::Environment>(file, as_file());
    // A compacted copy contains all its pages; a shorter file was cut.
    MDB_envinfo info;
    MDB_stat pages;
    lmdb::check(mdb_env_info(environment_->handle(), &info), marked("cannot read"));
    lmdb::check(mdb_env_stat(environment_->handle(), &pages), marked("cannot read"));
    auto wanted = (std::uint64_t{info.me_last_pgno} + 1) * pages.ms_psize;
    if (static_cast<std::uint64_t>(there.st_size) < wanted)
        throw lmdb::Failure(lmdb::Fault::corrupt, file,
                            msg("is not a complete backup: it has %1 of %2 bytes", there.st_size, wanted),
                            msg("take another one"));
    {
        lmdb::ReadTxn first(*environment_);
        tables_ = open_tables(first);
        first.keep_handles();
    }
    txn_ = std::make_unique<lmdb::ReadTxn>(*environment_);
    snapshot_ = std::make_unique<Snapshot>(*txn_, tables_);
}

}  // namespace saring::ledger
