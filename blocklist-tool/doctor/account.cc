#include "doctor/account.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace saring::tool {
namespace {

Account::Answer judged(uid_t uid, const std::vector<gid_t>& groups, const std::string& path, int rights) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) return errno == EACCES ? Account::Answer::unseen : Account::Answer::no;
    unsigned bits = s.st_mode & 7;
    if (s.st_uid == uid) bits = s.st_mode >> 6 & 7;
    else if (std::find(groups.begin(), groups.end(), s.st_gid) != groups.end()) bits = s.st_mode >> 3 & 7;
    unsigned wanted = (rights & R_OK ? 4u : 0u) | (rights & W_OK ? 2u : 0u) | (rights & X_OK ? 1u : 0u);
    return (bits & wanted) == wanted ? Account::Answer::yes : Account::Answer::no;
}

}  // namespace

std::optional<Account> Account::named(const std::string& name) {
    const passwd* entry = ::getpwnam(name.c_str());
    if (!entry) return std::nullopt;
    Account out;
    out.name_ = name;
    out.uid_ = entry->pw_uid;
    int count = 64;
    out.groups_.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(name.c_str(), entry->pw_gid, out.groups_.data(), &count) < 0) {
        out.groups_.resize(static_cast<std::size_t>(count));
        ::getgrouplist(name.c_str(), entry->pw_gid, out.groups_.data(), &count);
    }
    out.groups_.resize(static_cast<std::size_t>(count));
    return out;
}

Account Account::self() {
    Account out;
    out.uid_ = ::geteuid();
    const passwd* entry = ::getpwuid(out.uid_);
    out.name_ = entry ? entry->pw_name : "uid " + std::to_string(out.uid_);
    out.groups_.resize(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    out.groups_.resize(
        static_cast<std::size_t>(std::max(::getgroups(static_cast<int>(out.groups_.size()), out.groups_.data()), 0)));
    out.groups_.push_back(::getegid());
    return out;
}

Account::Answer Account::may(const std::string& path, int rights) const {
    if (uid_ == 0) return Answer::yes;
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
        if (auto way = judged(uid_, groups_, path.substr(0, at), X_OK); way != Answer::yes) return way;
    return judged(uid_, groups_, path, rights);
}

}  // namespace saring::tool
