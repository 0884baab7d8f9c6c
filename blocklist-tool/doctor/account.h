// Access rights of a user to a file, by owner, group and mode. Access control lists, AppArmor and sandboxes are not
// considered.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace saring::tool {

class Account {
public:
    // Nothing if there is no such user.
    static std::optional<Account> named(const std::string& name);
    static Account self();

    const std::string& name() const { return name_; }
    enum class Answer { yes, no, unseen };
    // `rights`: a combination of R_OK, W_OK, X_OK. The user also needs search permission for every folder of the path.
    Answer may(const std::string& path, int rights) const;

private:
    std::string name_;
    uid_t uid_ = 0;
    std::vector<gid_t> groups_;
};

}  // namespace saring::tool
