#include "base/acting_owner.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace saring {
namespace {

namespace fs = std::filesystem;

std::atomic<bool> allowed{false};

struct Owner {
    uid_t user = 0;
    gid_t group = 0;
};

constexpr int max_links = 40;  // as the kernel's MAXSYMLINKS

// The last owner on the path who is not root; root when root owns all of it, or nothing exists.
Owner owner_on_the_way(const fs::path& wanted) {
    Owner out;
    int links = 0;
    fs::path done, remaining = fs::absolute(wanted).lexically_normal();
    done = remaining.root_path();
    remaining = remaining.relative_path();
    while (!remaining.empty() && remaining != ".") {
        auto name = *remaining.begin();
        fs::path behind;
        for (auto part = std::next(remaining.begin()); part != remaining.end(); ++part) behind /= *part;
        fs::path at = done / name;
        struct stat s {};
        if (::lstat(at.c_str(), &s) != 0) break;
        if (s.st_uid != 0) out = {s.st_uid, s.st_gid};
        if (!S_ISLNK(s.st_mode)) {
            done = at;
            remaining = behind;
            continue;
        }
        std::error_code failed;
        auto target = fs::read_symlink(at, failed);
        if (failed || ++links > max_links) break;
        fs::path next = (target.is_absolute() ? target : done / target).lexically_normal() / behind;
        done = next.root_path();
        remaining = next.relative_path();
    }
    return out;
}

std::vector<gid_t> groups_of(const Owner& owner) {
    std::vector<gid_t> out{owner.group};
    const passwd* entry = ::getpwuid(owner.user);
    if (!entry) return out;
    int count = 64;
    out.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(entry->pw_name, owner.group, out.data(), &count) < 0) count = static_cast<int>(out.size());
    out.resize(static_cast<std::size_t>(count));
    return out;
}

}  // namespace

void ActingOwner::allow() { allowed.store(true); }

ActingOwner::ActingOwner(const std::string& folder) {
    if (!allowed.load() || ::geteuid() != 0 || folder.empty()) return;
    auto owner = owner_on_the_way(folder);
    if (owner.user == 0) return;
    group_ = ::getegid();
    groups_.resize(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    groups_.resize(
        static_cast<std::size_t>(std::max(::getgroups(static_cast<int>(groups_.size()), groups_.data()), 0)));
    auto groups = groups_of(owner);
    acting_ = true;
    if (::setgroups(groups.size(), groups.data()) == 0 && ::setegid(owner.group) == 0 && ::seteuid(owner.user) == 0)
        return;
    int error = errno;
    if (::setegid(group_) != 0 || ::setgroups(groups_.size(), groups_.data()) != 0) std::abort();
    throw Error(ErrorKind::database, folder,
                msg("cannot be accessed as its owner, user %1: %2", owner.user, std::strerror(error)),
                msg("run the command as that user"));
}

ActingOwner::~ActingOwner() {
    // A process that is only partly root again must not go on.
    if (acting_ && (::seteuid(0) != 0 || ::setegid(group_) != 0 || ::setgroups(groups_.size(), groups_.data()) != 0))
        std::abort();
}

}  // namespace saring
