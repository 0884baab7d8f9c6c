// Protects root in folders that other users own. The owner of a folder, or of one on the path to it, can put a link
// there at any moment, so root could be made to open, write or remove any file of the machine. A command run by root
// therefore becomes the owner before it touches such a path, and the files it creates belong to the owner.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace saring {

class ActingOwner {
public:
    // When the process is root and allow() was called: until this object's end the whole process, all threads, acts as
    // the owner of `folder`: the last owner on the path to it who is not root. `folder` need not exist; symbolic links
    // count as folders. Does nothing for other users, or when an ActingOwner is already in effect.
    // Throws Error(database) when the change of user fails.
    explicit ActingOwner(const std::string& folder);
    ~ActingOwner();
    ActingOwner(const ActingOwner&) = delete;
    ActingOwner& operator=(const ActingOwner&) = delete;

    // Called by the tool's main(). Never in a resolver: its workers would change user too.
    static void allow();

private:
    bool acting_ = false;
    gid_t group_ = 0;
    std::vector<gid_t> groups_;  // root's, restored at the end
};

}  // namespace saring
