// What another user of the machine may do with a file, by owner, group and mode. Access lists
// beyond these, and what AppArmor or a sandbox adds, are not seen.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace saring::tool {

class Account {
public:
    // Nothing when there is no such user.
    static std::optional<Account> named(const std::string& name);
    static Account self();

    const std::string& name() const { return name_; }
    enum class Answer { yes, no, unseen };
    // `rights`: of R_OK, W_OK, X_OK. Every folder on the way must let the user through.
    Answer may(const std::string& path, int rights) const;

private:
    std::string name_;
    uid_t uid_ = 0;
    std::vector<gid_t> groups_;
};

}  // namespace saring::tool
