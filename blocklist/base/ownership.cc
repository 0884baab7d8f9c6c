#include "base/ownership.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace saring {
namespace {

// Names a file without opening it: closing an opened lock file would end LMDB's lock on it.
// The folder may be another user's, who could have put a link there: links are left alone.
class Named {
public:
    explicit Named(const std::string& path) : fd_(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)) {
        sound_ = fd_ >= 0 && ::fstat(fd_, &stat_) == 0 && (S_ISDIR(stat_.st_mode) || (S_ISREG(stat_.st_mode) && stat_.st_nlink == 1));
    }
    ~Named() {
        if (fd_ >= 0) ::close(fd_);
    }
    Named(const Named&) = delete;
    Named& operator=(const Named&) = delete;

    bool is_mine() const { return sound_ && stat_.st_uid == ::geteuid(); }
    mode_t mode() const { return stat_.st_mode & 07777; }
    bool set_mode(mode_t wanted) const { return wanted == mode() || ::chmod(("/proc/self/fd/" + std::to_string(fd_)).c_str(), wanted) == 0; }
    bool give_to(uid_t owner, gid_t group) const { return ::fchownat(fd_, "", owner, group, AT_EMPTY_PATH) == 0; }

private:
    int fd_;
    struct stat stat_ {};
    bool sound_;
};

void adopt(const Named& file, const std::string& path) {
    struct stat folder {};
    auto parent = std::filesystem::path(path).parent_path();
    if (::geteuid() != 0 || !file.is_mine() || ::stat(parent.empty() ? "." : parent.c_str(), &folder) != 0) return;
    if (folder.st_uid != 0) (void)file.give_to(folder.st_uid, folder.st_gid);
}

}  // namespace

void adopt_into_folder(const std::string& path) { adopt(Named(path), path); }

void share_with_readers(const std::string& data_path, const std::string& lock_path) {
    Named data(data_path), lock(lock_path);
    if (!data.is_mine() || !lock.is_mine()) return;
    mode_t readers = data.mode() & S_IRGRP ? S_IRGRP | S_IWGRP : 0;
    (void)(data.set_mode(data.mode() & ~static_cast<mode_t>(S_IWGRP | S_IWOTH)) && lock.set_mode(S_IRUSR | S_IWUSR | readers));
    // Last: who gives a file away may no longer change it without privileges.
    adopt(data, data_path);
    adopt(lock, lock_path);
}

}  // namespace saring
