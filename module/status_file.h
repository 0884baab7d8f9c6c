// One process's state file (base/status_path.h). Not thread-safe.
#pragma once

#include <string>

#include "base/bytes.h"

namespace saring {

class StatusFile {
public:
    // `configured`: module.status_file; empty: write() does nothing.
    explicit StatusFile(std::string configured);
    bool is_wanted() const { return !configured_.empty(); }
    // Replaces the file. A failure is logged once and changes nothing else.
    void write(ByteView content);

private:
    void claim();

    const std::string configured_, own_;
    bool claimed_ = false, failing_ = false;
};

}  // namespace saring
