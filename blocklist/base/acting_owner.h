// Root in a folder of others. Whoever owns a folder, or one on the way to it, can put a link there at any moment:
// what root then opens, writes or removes by its path may be any file of the machine. So root's command becomes
// the owner before it touches a path there, and what it creates belongs to the owner.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace saring {

class ActingOwner {
public:
    // For root, once allow() was called: until the end of the object the process acts as the owner of `folder`,
    // which need not exist, that is as the last owner on the way to it who is not root. Symbolic links count as
    // folders. Nobody else's process changes, nor one that acts already. All threads are concerned.
    // Throws Error(database) when it cannot.
    explicit ActingOwner(const std::string& folder);
    ~ActingOwner();
    ActingOwner(const ActingOwner&) = delete;
    ActingOwner& operator=(const ActingOwner&) = delete;

    // By the tool's main(). Never in a resolver: its workers would change with it.
    static void allow();

private:
    bool acting_ = false;
    gid_t group_ = 0;
    std::vector<gid_t> groups_;  // of root, to come back to
};

}  // namespace saring
