// Who owns what is created. An engineer's `sudo blocklist-tool …` works in a folder that
// belongs to the user saring: what root leaves there must not lock out that user's timer.
#pragma once

#include <string>

namespace saring {

// For a file or folder just created: run by root, it is given the owner and group of the
// folder that it is in. Run by anybody else nothing happens. What cannot be changed stays
// as its creator's umask made it.
void adopt_into_folder(const std::string& path);

// For an LMDB environment's two files, just created: whoever of the group may read the
// data may write the lock, since readers are entered there; only the owner may write the
// data. Nobody else gets the lock: who holds it holds up the writer.
void share_with_readers(const std::string& data_path, const std::string& lock_path);

}  // namespace saring
