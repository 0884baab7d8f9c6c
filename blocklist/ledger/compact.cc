#include "ledger/compact.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/acting_owner.h"
#include "ledger/backup.h"
#include "ledger/copy.h"
#include "ledger/writer.h"

namespace saring::ledger {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_compact(const std::string& path, const Message& doing, int code = errno) {
    throw lmdb::Failure(lmdb::Fault::unavailable, path, doing + ": " + std::strerror(code),
                        msg("the database is unchanged; check permissions of its parent folder, free space, and that "
                            "it is not a mount point"));
}

// Creates an empty file with the owner and mode of another; returns its descriptor.
int create_like(const std::string& path, const std::string& like) {
    struct stat s {};
    if (::stat(like.c_str(), &s) != 0) cannot_compact(like, msg("cannot be read"));
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) cannot_compact(path, msg("cannot create"));
    if (::fchown(fd, s.st_uid, s.st_gid) != 0 || ::fchmod(fd, s.st_mode & 07777) != 0) {
        int code = errno;
        ::close(fd);
        cannot_compact(path, msg("cannot give it the owner and mode of the old one"), code);
    }
    return fd;
}

// The folder gets the group and mode of `like`, whatever the umask: resolvers read the image's folder as another user.
void make_inner_folder_like(const std::string& fresh, const std::string& like) {
    struct stat s {};
    if (::stat(like.c_str(), &s) != 0) cannot_compact(like, msg("cannot be read"));
    if (::mkdir(fresh.c_str(), 0700) != 0) cannot_compact(fresh, msg("cannot create"));
    if (::chown(fresh.c_str(), static_cast<uid_t>(-1), s.st_gid) != 0 || ::chmod(fresh.c_str(), s.st_mode & 07777) != 0)
        cannot_compact(fresh, msg("cannot give it the owner and mode of the old one"));
}

// Hard-links the folder's other files, as the feeds' check times and the image. They are only ever replaced, never
// modified.
void link_other_files(const std::string& from, const std::string& to) {
    for (const auto& entry : fs::directory_iterator(from)) {
        auto name = entry.path().filename().string();
        if (name == "data.mdb" || name == "lock.mdb") continue;
        if (entry.is_directory() && !entry.is_symlink()) {
            make_inner_folder_like(to + "/" + name, entry.path());
            link_other_files(entry.path(), to + "/" + name);
        }
        if (!entry.is_regular_file()) continue;
        if (::link(entry.path().c_str(), (to + "/" + name).c_str()) != 0)
            cannot_compact(to + "/" + name, msg("cannot create"));
    }
}

// Numbers of records of each table, and the serial; the copy must have the same.
std::vector<std::uint64_t> tally(const lmdb::Transaction& txn, const Tables& t) {
    std::vector<std::uint64_t> out{read_serial(txn, t)};
    for (MDB_dbi db : all_of(t)) out.push_back(txn.entries(db));
    return out;
}

// Removes its content as the owner, the folder itself as the parent folder's owner.
void remove_folder(const std::string& folder) {
    std::error_code failed;
    {
        ActingOwner inside(folder);
        for (const auto& entry : fs::directory_iterator(folder, failed)) fs::remove_all(entry.path(), failed);
    }
    ActingOwner above(fs::path(folder).parent_path().string());
    fs::remove(folder, failed);
}

// Creates an empty folder beside the old one, with its owner and mode.
void make_folder_like(const std::string& fresh, const std::string& path) {
    ActingOwner above(fs::path(path).parent_path().string());
    struct stat folder {};
    if (::stat(path.c_str(), &folder) != 0) cannot_compact(path, msg("cannot be read"));
    if (::mkdir(fresh.c_str(), 0700) != 0) cannot_compact(fresh, msg("cannot create"));
    if (::chown(fresh.c_str(), folder.st_uid, folder.st_gid) == 0 &&
        ::chmod(fresh.c_str(), folder.st_mode & 07777) == 0)
        return;
    int code = errno;
    ::rmdir(fresh.c_str());
    cannot_compact(fresh, msg("cannot give it the owner and mode of the old one"), code);
}

}  // namespace

Compacted compact(const config::Config& config, Progress& progress) {
    std::error_code failed;
    std::string path = fs::canonical(config.database.path, failed).string();
    if (failed)
        throw lmdb::Failure(lmdb::Fault::absent, config.database.path, failed.message(),
                            msg("create it with: blocklist-tool db init"));
    auto db = Database::open_to_write(config);
    auto lock = Database::begin_writing(db);
    std::string fresh = path + ".compacting", data = "/data.mdb", locks = "/lock.mdb";
    // Left by a killed compaction; no other can run while the lock is held.
    remove_folder(fresh);
    make_folder_like(fresh, path);
    Compacted out;
    try {
        {
            ActingOwner inside(path);
            ::close(create_like(fresh + locks, path + locks));
            int fd = create_like(fresh + data, path + data);
            int rc = copy_compacted(db->environment(), fd, msg("compacting %1", path), progress);
            int flushed = rc == 0 ? ::fsync(fd) : 0, code = errno;
            ::close(fd);
            if (rc != 0) lmdb::raise(rc, msg("cannot copy to %1", fresh));
            if (flushed != 0) cannot(fresh + data, msg("cannot flush"), code);
            Backup copy(fresh + data);
            if (tally(copy.snapshot().transaction(), copy.snapshot().tables()) != tally(*lock.txn, db->tables()))
                throw lmdb::Failure(lmdb::Fault::corrupt, path, msg("the copy differs from it"),
                                    msg("the database is unchanged; see: blocklist-tool db check"));
            link_other_files(path, fresh);
            out.before = fs::file_size(path + data);
            out.after = fs::file_size(fresh + data);
            sync_folder_of(fresh + data);
        }
        ActingOwner above(fs::path(path).parent_path().string());
        if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) != 0)
            cannot_compact(path, msg("cannot replace it with the compacted one"));
    } catch (...) {
        remove_folder(fresh);
        throw;
    }
    // After the exchange this path is the old database; remove it even if the exchange cannot be flushed.
    remove_folder(fresh);
    sync_folder_of(path);
    return out;
}

}  // namespace saring::ledger
